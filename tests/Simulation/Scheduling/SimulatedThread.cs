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
        var thread = new Thread(
            () =>
            {
                Current = this;
                AwaitBaton();
                work();
            },
            256 * 1024)
        { Name = name, IsBackground = true };
        thread.Start();
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
}
