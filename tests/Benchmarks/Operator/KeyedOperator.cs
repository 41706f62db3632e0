using Cep.Engine.Operators;
using Cep.Engine.Runtime;
using Cep.Engine.Streams;
using Cep.Streaming;
using Cep.Streaming.Matches;

namespace Cep.Benchmarks.Operator;

/// <summary>Drives a <see cref="CepOperator"/> on the calling thread, the way a subtask does: batches, then a watermark, then what was emitted is taken.</summary>
/// <remarks>Matches are built as for any output, and dropped.</remarks>
internal sealed class KeyedOperator
{
    /// <summary>The events between two watermarks.</summary>
    public const int WatermarkEvery = 200;

    private readonly CepOperator _operator;
    private readonly SubtaskOutputs _outputs;
    private readonly Channel<EpochEnd> _toSink = new(1);
    private readonly Pool<EpochOutputs> _pool;
    private readonly StreamRecord<StreamEvent>[] _batch = new StreamRecord<StreamEvent>[WatermarkEvery];

    public KeyedOperator(PatternSet patterns)
    {
        _operator = new CepOperator(patterns, patterns.Compiled.Select(_ => new RuleCounts()).ToList());
        var matches = new JobOutput<Match>(JobOutput.MainKey, "main", new Dropped());
        _pool = new Pool<EpochOutputs>(() => new EpochOutputs([matches.CreateRun()]));
        _outputs = new SubtaskOutputs([matches], _toSink, _pool);
        _operator.Open(new OperatorContext<Match>("benchmark", subtask: 0, parallelism: 1, _outputs));
    }

    /// <summary>The matches so far.</summary>
    public long Matches { get; private set; }

    /// <summary>Takes events in order of time, the i-th at i + 1 ms.</summary>
    public void Run(object[] events)
    {
        for (var from = 0; from < events.Length; from += WatermarkEvery)
        {
            var to = Math.Min(from + WatermarkEvery, events.Length);
            for (var i = from; i < to; i++)
                _batch[i - from] = new StreamRecord<StreamEvent>(new StreamEvent(0, events[i]), i + 1, i, keyGroup: 0);
            _operator.Process(_batch.AsSpan(0, to - from));
            _operator.AdvanceWatermark(to);
            TakeOutput();
        }
    }

    private void TakeOutput()
    {
        _outputs.EndEpoch(default);
        if (_toSink.Take().Outputs is not { } epoch)
            return;
        Matches += epoch[0].Count;
        epoch.Clear();
        _pool.Return(epoch);
    }

    /// <summary>Names the output; nothing is written to it.</summary>
    private sealed class Dropped() : Engine.Connectors.Sink<Match>("dropped")
    {
        public override void Write(in Match value)
        {
        }
    }
}
