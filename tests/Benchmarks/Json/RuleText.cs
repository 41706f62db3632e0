using Cep.Language;
using Cep.Language.Text;
using Cep.Streaming;

namespace Cep.Benchmarks.Json;

/// <summary>Rules over the events that the sample generator's <c>stream</c> writes.</summary>
internal static class RuleText
{
    private const string Streams = """
        stream ticks {
            key    int
            type   string
            price  double
            ts     timestamp
            watermark for ts delay 0s
        }
        """;

    /// <summary>Q2 for 10,000 keys.</summary>
    public const string Q2 = Streams + """

        rule q2 {
            from  ticks key key
            match a: ticks where type == "A" and price > 90
                  -> b: ticks where type == "B" and price > 90
                  -> c: ticks where type == "C" and price > 90
                  within 10000s skip none
        }
        """;

    /// <summary>Every A of a key is remembered until it has its C, or for ten seconds.</summary>
    public const string TenSeconds = Streams + """

        rule ten_seconds {
            from  ticks key key
            match a: ticks where type == "A" -> b: ticks where type == "B" -> c: ticks where type == "C" within 10s skip none
        }
        """;

    public static PatternSet Compile(string text) => PatternSet.Compile(RuleCompiler.Compile(new SourceText("benchmark.cep", text)).RuleSet!);
}
