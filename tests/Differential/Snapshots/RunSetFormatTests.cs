using Cep.Evaluation;
using Cep.Evaluation.Snapshots;
using Cep.Events;
using Cep.Patterns;

namespace Cep.Differential.Snapshots;

public class RunSetFormatTests
{
    /// <summary>Version 1, byte by byte. These bytes lie in people's checkpoints: a change needs a new version that still reads them.</summary>
    private const string Golden =
        "4345505201" +
        "2d72cb236e" +
        "e98e72bd9a4f083665548659c260c3466b883f5c951b78d401084265617402084b696e6405010853697a650200" +
        "3c54be6439" +
        "0400d00f000002610200020200026204000404000262d804000101000261020500000001010101010200000301010205020303020102020505000000";

    private static readonly RunSetFormat Format = new(CompiledPattern.Of(SampleState.Pattern), [Beat.Type]);

    [Fact]
    public void Bytes_of_version_1_do_not_change() => Assert.Equal(Golden, Convert.ToHexStringLower(SampleState.Bytes()));

    [Fact]
    public void State_read_back_goes_on_as_the_state_that_was_written()
    {
        for (var written = 1; written < SampleState.Events.Count; written++)
        {
            var compiled = CompiledPattern.Of(SampleState.Pattern);
            var (straight, restored) = (new List<Completion>(), new List<Completion>());
            var evaluator = new RunEvaluator(compiled);
            var runs = SampleState.After(written, evaluator, straight);
            restored.AddRange(straight);
            var format = new RunSetFormat(compiled, [Beat.Type]);
            var output = new EventBinaryOutput();
            format.WriteHeader(output);
            format.Write(runs, output);
            var input = new EventBinaryInput(output.Written.ToArray());
            var again = format.ReadHeader(input).Read(input);
            Assert.Equal(0, input.Left);
            Finish(evaluator, runs, written, straight);
            Finish(new RunEvaluator(compiled), again, written, restored);
            Assert.NotEmpty(straight);
            Assert.Equal(straight.Select(Text), restored.Select(Text));
        }
    }

    [Fact]
    public void Events_and_chains_that_are_shared_are_shared_again()
    {
        var runs = Read(SampleState.Bytes());
        var nodes = runs.Partial.Items.ToArray().SelectMany(Chain).Distinct().ToArray();
        Assert.Equal(4, nodes.Select(n => n.Sequence).Distinct().Count());
        Assert.Equal(4, nodes.Select(n => n.Value).Distinct().Count());
        Assert.True(runs.Partial.Items.ToArray().Sum(r => Chain(r).Count()) > nodes.Length);
    }

    [Fact]
    public void Bytes_cut_off_anywhere_are_refused()
    {
        var bytes = SampleState.Bytes();
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => Read(bytes[..length]));
    }

    [Fact]
    public void Any_bit_that_is_wrong_is_noticed()
    {
        var bytes = SampleState.Bytes();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var damaged = bytes.ToArray();
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.Throws<InvalidDataException>(() => Read(damaged));
        }
    }

    [Fact]
    public void Random_content_with_a_right_checksum_is_refused_or_read_but_never_ends_otherwise()
    {
        var (compiled, random) = (CompiledPattern.Of(SampleState.Pattern), new Cases.SplitMix64(1));
        var format = new RunSetFormat(compiled, [Beat.Type]);
        var header = new EventBinaryOutput();
        format.WriteHeader(header);
        var reader = format.ReadHeader(new EventBinaryInput(header.Written.ToArray()));
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var content = Enumerable.Range(0, random.Below(40)).Select(_ => (byte)random.Below(random.Chance(80) ? 4 : 256)).ToArray();
            try
            {
                reader.Read(new EventBinaryInput(RunSetFormat.Framed(content)));
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 10_000, 20_000);
    }

    [Fact]
    public void Foreign_bytes_are_refused()
    {
        Assert.Equal("This is no snapshot of partial matches: it does not begin with CEPR.", Refusal("{\"events\":[]}"u8.ToArray()));
        var newer = SampleState.Bytes();
        newer[4] = 2;
        Assert.Equal("The snapshot has version 2; this program reads version 1.", Refusal(newer));
        var damaged = SampleState.Bytes();
        damaged[^1] ^= 1;
        Assert.Equal("The state of a key of the snapshot is damaged: its checksum is wrong.", Refusal(damaged));
    }

    [Fact]
    public void State_of_another_pattern_is_refused_with_both_fingerprints()
    {
        var other = SampleState.Pattern with { WithinMs = 101 };
        var format = new RunSetFormat(CompiledPattern.Of(other), [Beat.Type]);
        var refusal = Assert.Throws<InvalidDataException>(() => format.ReadHeader(new EventBinaryInput(SampleState.Bytes()))).Message;
        Assert.Contains(PatternFingerprint.Of(SampleState.Pattern), refusal, StringComparison.Ordinal);
        Assert.Contains(PatternFingerprint.Of(other), refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Event_of_an_unknown_type_cannot_be_written()
    {
        var compiled = CompiledPattern.Of(SampleState.Pattern);
        var runs = SampleState.After(1, new RunEvaluator(compiled), []);
        Assert.Throws<ArgumentException>(() => new RunSetFormat(compiled, [AllFields.Type]).Write(runs, new EventBinaryOutput()));
    }

    private static RunSet Read(byte[] bytes)
    {
        var input = new EventBinaryInput(bytes);
        return Format.ReadHeader(input).Read(input);
    }

    private static string Refusal(byte[] bytes) => Assert.Throws<InvalidDataException>(() => Read(bytes)).Message;

    private static IEnumerable<EventNode> Chain(Run run)
    {
        for (var node = run.Last; node is not null; node = node.Previous)
            yield return node;
    }

    private static void Finish(RunEvaluator evaluator, RunSet? runs, int from, List<Completion> output)
    {
        for (var i = from; i < SampleState.Events.Count; i++)
        {
            if (evaluator.Begin(SampleState.Events[i], 1_000 + i, i))
                runs = evaluator.OnEvent(runs, output);
        }
        if (runs is not null)
            evaluator.AdvanceTime(runs, 5_000, output);
    }

    private static string Text(Completion c) => $"{c.IsTimeout} {string.Join(" ", c.Events().Select(e => $"{e.Step}@{e.Sequence}"))} {c.AtMs}";
}
