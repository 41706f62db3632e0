using Cep.Streaming.Inquiries;
using Cep.Streaming.Keys;
using Cep.Streaming.Tests.Support;

namespace Cep.Streaming.Tests.Inquiries;

public class KeyInquiryTests
{
    /// <summary>Letters of two keys, some late: every third letter is out of order, and every eleventh too far.</summary>
    private static string Events() => string.Concat(Enumerable.Range(0, 400).Select(i =>
        $$"""{"k":"k{{i % 2}}","letter":"{{"ABBCAX"[i * 7 % 6 ^ (i / 5 % 2)]}}","n":{{i % 9}},"ts":{{i * 10 - (i % 11 == 0 ? 900 : 0)}}}""" + "\n"));

    [Theory]
    [InlineData("A -> B -> C within 200ms skip past last")]
    [InlineData("A -> B ->> C within 200ms skip none")]
    [InlineData("A => B -> not C within 70ms skip none")]
    [InlineData("A -> not X -> B+ -> C within 300ms skip to next")]
    public void Inquiry_finds_the_matches_of_the_job(string match)
    {
        var patterns = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", match));
        var job = new JobRun(patterns, [JobRun.Json(patterns, Events(), "s")]);

        var reports = new[] { "k0", "k1" }
            .Select(k => KeyInquiry.Run(patterns.RuleSet.Streams, patterns.Rules[0], [k], [JobRun.Json(patterns, Events(), "s")])).ToList();

        Assert.True(job.Result.Rules[0].Counts.Matches > 0);
        Assert.Equal(job.Result.Rules[0].Counts.Matches, reports.Sum(r => r.Pattern.MatchCount));
        Assert.Equal(job.Result.Input.Late, reports.Sum(r => r.Late.Count));
    }

    [Theory]
    [InlineData("a,b", new object[] { "a,b" })]
    [InlineData("\"a\"", new object[] { "\"a\"" })]
    public void Key_of_one_text_is_the_text_as_it_is(string text, object[] expected)
    {
        var input = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A within 1s")).Rules[0].Inputs[0];

        Assert.True(KeyText.TryParse(input, text, out var key, out _));
        Assert.Equal(expected, key);
        Assert.Equal(text, KeyText.Of(input, key));
    }

    [Fact]
    public void Explainer_tells_the_values_of_a_timeout_too()
    {
        var patterns = Compiled.Patterns(Compiled.Letters + Compiled.Rule("r", "A -> B within 50ms"));
        var job = new JobRun(patterns, [JobRun.Json(patterns, """{"k":"k","letter":"A","n":1,"ts":5}""" + "\n", "s")], explains: true);

        Assert.Contains("\"explanation\":[{\"step\":\"a\",\"event\":\"s#1\",\"time\":\"1970-01-01T00:00:00.005Z\",\"met\":\"letter == \\\"A\\\" [\\\"A\\\" == \\\"A\\\"]\",\"values\":{\"letter\":\"A\"}}]}", job.Timeouts);
    }
}
