using Cep.Conditions;
using Cep.Evaluation;
using Cep.Evaluation.Snapshots;
using Cep.Events;
using Cep.Patterns;

namespace Cep.Differential.Snapshots;

/// <summary>An event with a field of every type.</summary>
internal sealed class AllFields
{
    public bool Flag { get; set; }

    public int Small { get; set; }

    public long Large { get; set; }

    public double Real { get; set; }

    public decimal Money { get; set; }

    public string Text { get; set; } = "";

    public DateTimeOffset Time { get; set; }

    public TimeSpan Span { get; set; }

    public SampleColor Color { get; set; }

    public bool? MaybeFlag { get; set; }

    public int? MaybeSmall { get; set; }

    public double? MaybeReal { get; set; }

    public decimal? MaybeMoney { get; set; }

    public DateTimeOffset? MaybeTime { get; set; }

    public TimeSpan? MaybeSpan { get; set; }

    public SampleColor? MaybeColor { get; set; }

    public static EventType Type { get; } = EventType.Of<AllFields>();

    /// <summary>One with a value in every field.</summary>
    public static AllFields Full => new()
    {
        Flag = true, Small = -5, Large = long.MinValue, Real = -0.1, Money = 1.50m, Text = "é€😀", Time = DateTimeOffset.FromUnixTimeMilliseconds(-1),
        Span = TimeSpan.FromMilliseconds(1500), Color = SampleColor.Green, MaybeFlag = false, MaybeSmall = int.MaxValue, MaybeReal = double.PositiveInfinity,
        MaybeMoney = decimal.MinValue, MaybeTime = DateTimeOffset.UnixEpoch, MaybeSpan = TimeSpan.Zero, MaybeColor = SampleColor.Red,
    };
}

/// <summary>An enumeration as a field.</summary>
internal enum SampleColor
{
    /// <summary>The first.</summary>
    Red,

    /// <summary>The second.</summary>
    Green,
}

/// <summary>An event of the smallest kind.</summary>
internal sealed class Beat
{
    public string Kind { get; set; } = "";

    public long Size { get; set; }

    public static EventType Type { get; } = EventType.Of<Beat>();
}

/// <summary>State of a small pattern whose partial matches share events and chains.</summary>
internal static class SampleState
{
    /// <summary><c>a -> b+ any -> c where Size > sum(b.Size)</c>, skip past last.</summary>
    public static Pattern Pattern { get; } = new()
    {
        Steps =
        [
            new EventStep { Name = "a", Stream = Beat.Type, Where = Is("a") },
            new EventStep
            {
                Name = "b", Stream = Beat.Type, Where = Is("b"),
                Quantifier = new Quantifier { Max = null, Inner = Contiguity.NonDeterministicRelaxed },
            },
            new EventStep
            {
                Name = "c", Stream = Beat.Type,
                Where = ExprFactory.And(Is("c"), ExprFactory.Binary(BinaryOperator.Greater, Read("Size"), ExprFactory.Aggregate(AggregateKind.Sum, "b", Beat.Type, FieldOf("Size")))),
            },
        ],
        WithinMs = 100,
        Skip = AfterMatchSkip.PastLast,
    };

    /// <summary>The events, a millisecond apart from 1,000 on.</summary>
    public static IReadOnlyList<Beat> Events { get; } =
        [new() { Kind = "a", Size = 1 }, new() { Kind = "b", Size = 2 }, new() { Kind = "a", Size = 1 }, new() { Kind = "b", Size = 300 }, new() { Kind = "c", Size = 5 }];

    /// <summary>What is remembered after the first events.</summary>
    public static RunSet After(int events, RunEvaluator evaluator, List<Completion> output)
    {
        RunSet? runs = null;
        for (var i = 0; i < events; i++)
        {
            if (evaluator.Begin(Events[i], 1_000 + i, i))
                runs = evaluator.OnEvent(runs, output);
        }
        return runs!;
    }

    /// <summary>The header, and what is remembered after four events.</summary>
    public static byte[] Bytes()
    {
        var compiled = CompiledPattern.Of(Pattern);
        var format = new RunSetFormat(compiled, [Beat.Type]);
        var output = new EventBinaryOutput();
        format.WriteHeader(output);
        format.Write(After(4, new RunEvaluator(compiled), []), output);
        return output.Written.ToArray();
    }

    public static Expr Read(string field) => ExprFactory.Field(Beat.Type, FieldOf(field));

    private static Expr Is(string kind) => ExprFactory.Binary(BinaryOperator.Equal, Read("Kind"), ExprFactory.Literal(kind));

    private static EventField FieldOf(string name) => Beat.Type.Fields.Single(f => f.Name == name);
}
