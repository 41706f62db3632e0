using Cep.Differential.Cases;
using Cep.Engine.Runtime;

namespace Cep.Simulation.Scheduling;

/// <summary>A process of simulated threads and its clock. One thread runs at a time; at every turn a random number says which.</summary>
/// <remarks>
/// Time passes a little with every turn, and when nobody can run it goes on to the next timer; without one the process hangs, which ends it. Everything is decided by the random numbers,
/// so the same ones give the same course. Locks are those of the system: nobody gives up its turn while it holds one, but by <see cref="Wait"/>.
/// </remarks>
internal sealed class SimulatedScheduler : TimeProvider, IScheduler
{
    private readonly SplitMix64 _random;
    private readonly Pace _pace;
    private readonly ScheduleTrace _trace;
    private readonly long _killAtTurn;
    private readonly List<SimulatedThread> _ready = [];
    private readonly Dictionary<object, List<SimulatedThread>> _waiting = new(ReferenceEqualityComparer.Instance);
    private readonly List<SimulatedThread> _alive = [];
    private readonly List<SimulatedTimer> _timers = [];
    private readonly ManualResetEventSlim _over = new();
    private long _ticks;
    private int _started;

    /// <summary>A process in which nothing runs yet.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="pace">How turns and time go by.</param>
    /// <param name="trace">Notes what was decided.</param>
    /// <param name="startTicks">The time, in steps of 100 ns.</param>
    /// <param name="killAtTurn">When the process is killed; null for never.</param>
    public SimulatedScheduler(SplitMix64 random, Pace pace, ScheduleTrace trace, long startTicks, long? killAtTurn = null)
    {
        _random = random;
        _pace = pace;
        _trace = trace;
        _ticks = startTicks;
        _killAtTurn = killAtTurn ?? long.MaxValue;
    }

    /// <summary>Whether the process is gone, and what its threads still do counts no more.</summary>
    public bool IsKilled { get; private set; }

    /// <summary>How many turns were taken.</summary>
    public long Turns { get; private set; }

    /// <summary>What went wrong with the threads themselves; null for nothing.</summary>
    public string? Failure { get; private set; }

    /// <summary>The time, in steps of 100 ns.</summary>
    public long Ticks => _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public override DateTimeOffset GetUtcNow() => new(DateTime.UnixEpoch.Ticks + _ticks, TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(this, () => Start("timer", () => callback(state)));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs the process until all of its threads have ended; called by a thread that is none of them.</summary>
    /// <param name="main">Its first thread.</param>
    public void Run(Action main)
    {
        Start("main", main);
        Next().GiveBaton();
        _over.Wait();
    }

    public Action Start(string name, Action run)
    {
        ThrowIfKilled();
        var thread = new SimulatedThread(_started++, name, _random.OneOf(_pace.Weights));
        _alive.Add(thread);
        _ready.Add(thread);
        thread.Prepare(() => Live(thread, run));
        return () => Join(thread);
    }

    /// <summary>There is no thread beside the simulated ones: who waits goes on on that which answers.</summary>
    public TaskCreationOptions Answers => TaskCreationOptions.None;

    public void InBackground(Func<Task> work) => Start("store", () =>
    {
        if (!work().IsCompleted) Fail("A store did its work on a thread that is not simulated.");
    });

    public void Turn()
    {
        if (SimulatedThread.Current is not { } self) return;
        _trace.Add(self.Id);
        PassTurn();
        if (_ready.Count > 0 && _random.Chance(_pace.SwitchPercent)) GiveWay(self);
        ThrowIfKilled();
    }

    public void Wait(object gate)
    {
        SimulatedThread self = SimulatedThread.Current!;
        if (!_waiting.TryGetValue(gate, out List<SimulatedThread>? at)) _waiting.Add(gate, at = []);
        if (!IsKilled)
        {
            self.WaitsFor = "a pulse";
            at.Add(self);
            Monitor.Exit(gate);
            SwitchFrom(self);
            Monitor.Enter(gate);
        }

        ThrowIfKilled();
    }

    public void Pulse(object gate)
    {
        if (!_waiting.TryGetValue(gate, out List<SimulatedThread>? at) || at.Count == 0) return;
        SimulatedThread one = at[_random.Below(at.Count)];
        at.Remove(one);
        MakeReady(one);
    }

    public void PulseAll(object gate)
    {
        if (!_waiting.TryGetValue(gate, out List<SimulatedThread>? at)) return;
        at.ForEach(MakeReady);
        at.Clear();
    }

    /// <summary>Lets time pass for the thread that calls.</summary>
    public void Delay(TimeSpan time)
    {
        SimulatedThread self = SimulatedThread.Current!;
        ThrowIfKilled();
        self.WaitsFor = "time to pass";
        var timer = new SimulatedTimer(this, () => MakeReady(self));
        timer.Change(time, Timeout.InfiniteTimeSpan);
        SwitchFrom(self);
        timer.Dispose();
        ThrowIfKilled();
    }

    /// <summary>Does something that is one step for all other threads, whatever turns it has.</summary>
    public void AtOnce(Action action)
    {
        SimulatedThread? self = SimulatedThread.Current;
        SimulatedThread.Current = null;
        action();
        SimulatedThread.Current = self;
    }

    /// <summary>Notes what went wrong and kills the process.</summary>
    public void Fail(string problem)
    {
        Failure ??= problem;
        Kill();
    }

    private void Join(SimulatedThread thread)
    {
        Turn();
        SimulatedThread self = SimulatedThread.Current!;
        if (!thread.HasEnded)
        {
            self.WaitsFor = $"the end of {thread.Name}";
            thread.Joining.Add(self);
            SwitchFrom(self);
        }

        ThrowIfKilled();
    }

    private void Live(SimulatedThread self, Action run)
    {
        try
        {
            ThrowIfKilled();
            run();
        }
        catch (KilledException) when (IsKilled)
        {
        }
        catch (Exception problem)
        {
            Fail($"The thread '{self.Name}' threw {problem}");
        }

        self.HasEnded = true;
        _alive.Remove(self);
        self.Joining.ForEach(MakeReady);
        if (_alive.Count > 0) Next().GiveBaton();
        else _over.Set();
    }

    /// <summary>Lets time go by, and with it the process end where that is planned.</summary>
    private void PassTurn()
    {
        if (++Turns == _killAtTurn) Kill();
        if (Turns > _pace.MaxTurns) Fail($"The process does not end within {_pace.MaxTurns} turns: {Threads()}.");
        _ticks += _random.Below(_pace.TurnTicks);
        FireDue();
    }

    private void FireDue()
    {
        for (int i = 0; i < _timers.Count; i++)
        {
            if (_timers[i].DueTicks > _ticks) continue;
            SimulatedTimer due = _timers[i];
            _timers.RemoveAt(i--);
            due.Fire();
        }
    }

    private void GiveWay(SimulatedThread self)
    {
        _ready.Add(self);
        SwitchFrom(self);
    }

    private void SwitchFrom(SimulatedThread self)
    {
        SimulatedThread next = Next();
        if (next == self) return;
        next.GiveBaton();
        self.AwaitBaton();
    }

    /// <summary>The thread to run next; there is one alive.</summary>
    private SimulatedThread Next()
    {
        while (_ready.Count == 0)
        {
            if (_timers.Count == 0)
            {
                Fail($"Everyone waits: {Threads()}.");
                continue;
            }

            _ticks = Math.Max(_ticks, _timers.Min(timer => timer.DueTicks));
            FireDue();
        }

        int left = _random.Below(_ready.Sum(thread => thread.Weight));
        int at = 0;
        while ((left -= _ready[at].Weight) >= 0) at++;
        SimulatedThread next = _ready[at];
        _ready.RemoveAt(at);
        _trace.Add(next.Id);
        return next;
    }

    private void MakeReady(SimulatedThread thread)
    {
        if (thread.WaitsFor is null) return;
        thread.WaitsFor = null;
        _ready.Add(thread);
    }

    private void Kill()
    {
        IsKilled = true;
        _timers.Clear();
        foreach (SimulatedThread thread in _alive) MakeReady(thread);
    }

    private void ThrowIfKilled()
    {
        if (IsKilled) throw new KilledException();
    }

    private string Threads() => string.Join(", ", _alive.Select(thread => $"{thread.Name} waits for {thread.WaitsFor ?? "its turn"}"));

    /// <summary>Fires once, on a thread of its own.</summary>
    private sealed class SimulatedTimer(SimulatedScheduler scheduler, Action fire) : ITimer
    {
        public long DueTicks { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan) throw new NotSupportedException("A simulated timer fires once.");
            scheduler._timers.Remove(this);
            if (dueTime == Timeout.InfiniteTimeSpan || scheduler.IsKilled) return true;
            DueTicks = scheduler._ticks + dueTime.Ticks;
            scheduler._timers.Add(this);
            return true;
        }

        public void Dispose() => scheduler._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>How turns and time go by.</summary>
/// <param name="SwitchPercent">How often a turn goes to another thread.</param>
/// <param name="TurnTicks">How long a turn lasts at most, in steps of 100 ns.</param>
/// <param name="Weights">How often threads are chosen, one beside the other: each draws one of these.</param>
/// <param name="MaxTurns">A process that takes more turns does not end.</param>
internal sealed record Pace(int SwitchPercent, int TurnTicks, int[] Weights, long MaxTurns);
