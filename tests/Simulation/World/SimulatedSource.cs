using Cep.Engine.Connectors;
using Cep.Engine.Time;
using Cep.Simulation.Scheduling;

namespace Cep.Simulation.World;

/// <summary>What flows through simulated jobs.</summary>
/// <param name="Word">Its key.</param>
/// <param name="TimeMs">Its event time.</param>
/// <param name="Number">Tells it from every other record.</param>
internal sealed record Token(string Word, long TimeMs, int Number)
{
    public override string ToString() => $"{Word}@{TimeMs}#{Number}";
}

/// <summary>How a simulated split gives its records.</summary>
/// <param name="Name">The split.</param>
/// <param name="Records">All of it, in the order of arrival.</param>
/// <param name="DelayMs">How much disorder is waited for; some records have more.</param>
/// <param name="BatchRecords">After how many records, counted from the beginning, a batch is handed on.</param>
/// <param name="IdleAfterMs">A live split: others go on without it when it is silent for so long. Null for a file.</param>
/// <param name="Pauses">After which batches it is silent for how long, milliseconds.</param>
internal sealed record SimulatedInput(string Name, IReadOnlyList<Token> Records, long DelayMs, int BatchRecords, long? IdleAfterMs, IReadOnlyDictionary<int, int> Pauses);

/// <summary>A split of records that lie in memory, and come with pauses.</summary>
internal sealed class SimulatedSource(SimulatedInput input, SimulatedScheduler scheduler, CodeFaults faults) : Source<Token>(input.Name, Strategy(input))
{
    private int _emitted;

    public override bool CanResume => true;

    public override bool IsLive => input.IdleAfterMs is not null;

    public override SourcePosition Position => new(_emitted, 0);

    public override void Read(SourceOutput<Token> output, CancellationToken stop)
    {
        _emitted = (int)(output.ResumeFrom?.Offset ?? 0);
        while (_emitted < input.Records.Count && !stop.IsCancellationRequested)
        {
            faults.Hit();
            Token record = input.Records[_emitted++];
            output.Emit(record, record.TimeMs);
            if (_emitted % input.BatchRecords != 0) continue;
            output.Flush();
            if (input.Pauses.TryGetValue(_emitted / input.BatchRecords, out int ms)) scheduler.Delay(TimeSpan.FromMilliseconds(ms));
        }
    }

    private static WatermarkStrategy Strategy(SimulatedInput input)
    {
        WatermarkStrategy strategy = WatermarkStrategy.BoundedOutOfOrderness(input.DelayMs);
        return input.IdleAfterMs is { } idle ? strategy.WithIdleAfter(idle) : strategy;
    }
}
