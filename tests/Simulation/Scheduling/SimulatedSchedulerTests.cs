using Cep.Differential.Cases;

namespace Cep.Simulation.Scheduling;

public class SimulatedSchedulerTests
{
    [Fact]
    public void A_process_in_which_everyone_waits_is_told_and_ends()
    {
        var process = Process();
        object gate = new();
        process.Run(() =>
        {
            lock (gate) process.Wait(gate);
        });
        Assert.Equal("Everyone waits: main waits for a pulse.", process.Failure);
    }

    [Fact]
    public void A_process_without_end_is_told_and_ends()
    {
        var process = Process();
        process.Run(() =>
        {
            while (true) process.Turn();
        });
        Assert.Equal("The process does not end within 1000 turns: main waits for its turn.", process.Failure);
    }

    [Fact]
    public void Time_goes_on_to_the_next_timer_when_everyone_waits()
    {
        var process = Process();
        object gate = new();
        long ticks = 0;
        process.Run(() =>
        {
            using ITimer timer = process.CreateTimer(_ => Pulse(), null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
            lock (gate) process.Wait(gate);
            ticks = process.Ticks;
        });
        Assert.Null(process.Failure);
        Assert.InRange(ticks, TimeSpan.TicksPerHour, TimeSpan.TicksPerHour + TimeSpan.TicksPerSecond);

        void Pulse()
        {
            lock (gate) process.PulseAll(gate);
        }
    }

    [Fact]
    public void A_killed_process_does_nothing_more()
    {
        var process = Process(killAtTurn: 10);
        int turns = 0;
        process.Run(() =>
        {
            while (true)
            {
                process.Turn();
                turns++;
            }
        });
        Assert.Equal((9, true, null), (turns, process.IsKilled, process.Failure));
    }

    private static SimulatedScheduler Process(long? killAtTurn = null) =>
        new(new SplitMix64(1), new Pace(SwitchPercent: 50, TurnTicks: 10, Weights: [1], MaxTurns: 1000), new ScheduleTrace(), 0, killAtTurn);
}
