using System.Collections.Concurrent;

namespace Cep.Simulation.Scheduling;

/// <summary>A thread of a simulation: it runs while it holds the baton, and sleeps while another does.</summary>
/// <param name="id">Its number, in order of starting.</param>
/// <param name="name">For people.</param>
/// <param name="weight">How often it is chosen, beside others.</param>
internal sealed class SimulatedThread(int id, string name, int weight)
{
    private readonly object _gate = new();
    private bool _hasBaton;

    /// <summary>The one that runs this code; null for a thread that is not simulated.</summary>
    [ThreadStatic]
    public static SimulatedThread? Current;

    public int Id => id;

    public string Name => name;

    public int Weight => weight;

    /// <summary>What it waits for, for people; null when it could run.</summary>
    public string? WaitsFor { get; set; }

    public bool HasEnded { get; set; }

    /// <summary>Who waits for its end.</summary>
    public List<SimulatedThread> Joining { get; } = [];

    /// <summary>Makes it ready: it runs its work once it gets the baton.</summary>
    public void Prepare(Action work)
    {
        if (!Worker.Idle.TryTake(out Worker? worker)) worker = new Worker();
        worker.Do(() =>
        {
            Current = this;
            AwaitBaton();
            work();
            Current = null;
        });
    }

    public void GiveBaton()
    {
        lock (_gate)
        {
            _hasBaton = true;
            Monitor.Pulse(_gate);
        }
    }

    public void AwaitBaton()
    {
        lock (_gate)
        {
            while (!_hasBaton) Monitor.Wait(_gate);
            _hasBaton = false;
        }
    }

    /// <summary>A thread of the system, which lives one simulated life after the other: most are short.</summary>
    private sealed class Worker
    {
        private readonly object _gate = new();
        private Action? _work;

        public Worker() => new Thread(Run) { IsBackground = true }.Start();

        public static ConcurrentBag<Worker> Idle { get; } = [];

        public void Do(Action work)
        {
            lock (_gate)
            {
                _work = work;
                Monitor.Pulse(_gate);
            }
        }

        private void Run()
        {
            while (true)
            {
                Action work;
                lock (_gate)
                {
                    while (_work is null) Monitor.Wait(_gate);
                    work = _work;
                    _work = null;
                }

                work();
                Idle.Add(this);
            }
        }
    }
}
