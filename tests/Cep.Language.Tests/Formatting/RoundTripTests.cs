using Cep.Events;
using Cep.Language.Formatting;
using Cep.Language.Json;
using Cep.Language.Text;
using Cep.Patterns;

namespace Cep.Language.Tests.Formatting;

/// <summary>Text to model to JSON to model to text: each form holds the whole pattern.</summary>
public class RoundTripTests
{
    private const int Patterns = 2_000;
    private const ulong Seed = 20260105;

    private static readonly IReadOnlyList<EventType> Streams =
        RuleCompiler.Compile(Compiled.Streams).RuleSet!.Streams.Select(s => s.EventType).ToList();

    [Fact]
    public void Two_thousand_random_patterns_are_the_same_in_text_and_in_json()
    {
        var matches = new RandomMatch(new SplitMix64(Seed));
        var attempts = 0;
        for (var done = 0; done < Patterns; attempts++)
        {
            var written = matches.Next();
            if (TryCompile(written) is not { } pattern)
                continue;
            done++;
            Check(written, pattern);
        }
        // A generator that is mostly refused tests little of what people write.
        Assert.InRange(attempts, Patterns, 5 * Patterns);
    }

    [Theory]
    [InlineData("a: auths where amount > 100 and score < 2 and tries == 3 within 5m")]
    [InlineData("a: auths where amount > 100.0 and 2.0 * 3.0 < score within 5m")]
    [InlineData("a: auths where score / 0.0 > 1 and score % 2 == 0 within 5m")]
    [InlineData("a: auths where score > -0.0 within 5m")]
    [InlineData("a: auths where 1.5 * 2 * amount > 3 within 5m")]
    [InlineData("a: auths where tries in (1.0, 2.0) or amount in (1, 2.5) or tries in (1, 2.5) within 5m")]
    [InlineData("a: auths where (if approved then 1.0 else 2.0) > 1 within 5m")]
    [InlineData("a: auths where merchant == \"\\u{7}\\u{0}\\u{D}'\\\"\\\\\" within 5m")]
    [InlineData("`not`: auths -> `if`: auths where `not`.amount > 1 -> `a b`: auths within 5m skip to first `if`")]
    [InlineData("( a{2,}?: auths )? -> b: auths within forever skip none")]
    [InlineData("a: auths -> ( ( b: auths -> c{3}: auths ){2,} in 10s until (amount > 1) )? -> d: orders within 5m")]
    public void Pattern_is_the_same_in_text_and_in_json(string match)
    {
        var pattern = TryCompile(match);
        Assert.NotNull(pattern);
        Check(match, pattern);
    }

    [Fact]
    public void Rule_set_is_the_same_after_it_is_written()
    {
        const string text = """
            stream logins {
                `user name` string
                src_ip  string?
                ok      bool
                at      timestamp
                watermark for at delay 10s idle after 1m
            }
            stream ticks { price decimal processing time }
            rule `brute force` {
                title "Failures, \"then\" a success"
                severity high
                tags security, "mitre:T1110"
                owner "ops" runbook "https://example.org" status draft
                from logins key (`user name`, src_ip) where src_ip not like "10.%"
                match fail{5,}: logins where not ok -> success in 5m: logins where ok within 10m skip to last success
                emit alert { failures = count(fail), took = success.at - first(fail.at), who = key(), until = deadline() }
            }
            rule plain { from ticks match a: ticks within 5m gap }
            rule bounded { from ticks match a: ticks -> b: ticks within 5m partials 20 per key on overflow drop_newest }
            rule `called off` { from ticks match a: ticks -> b: ticks within 5m unless ticks unless ticks where price < 0 or price > 10 }
            rule told {
                severity critical if count(a) > 3 and a.price > 1 else high if match_duration() > 1m else low
                from ticks key price match a{2,}: ticks -> b: ticks within 5m
                emit alert { price = b.price, `for` = key() } emit on timeout alert { price = a.price, until = deadline(), `for` = key() }
                suppress by price, `for` for 1h30m limit 10 per 1d
            }
            rule `timeouts only` { from ticks match a: ticks -> b: ticks within 5m emit on timeout alert {} }
            rule both { from ticks match a: ticks -> b: ticks within 5m emit on match alert {} emit on timeout alert { a = a.price } }
            """;
        var set = RuleCompiler.Compile(new SourceText("a.cep", text)).RuleSet!;
        var written = RuleWriter.Write(set);
        Assert.Equal(written, RuleFormatter.Format(new SourceText("b.cep", written)).Text);
        var compilation = RuleCompiler.Compile(new SourceText("b.cep", written));
        Assert.True(compilation.RuleSet is not null, string.Join("\n", compilation.Diagnostics.Select(d => d.Render())));
        Assert.Equal(written, RuleWriter.Write(compilation.RuleSet!));
        Assert.Equal(RuleSetText.Of(set), RuleSetText.Of(compilation.RuleSet!));
    }

    private static Pattern? TryCompile(string match) => RuleCompiler
        .Compile([Compiled.Streams, new SourceText("r.cep", $"rule r {{ from auths key card_id, orders key order_id, shipments key order_ref\n match {match}\n}}")])
        .RuleSet?.Rules[0].Pattern;

    private static void Check(string written, Pattern pattern)
    {
        var json = PatternJson.Write(pattern);
        var reading = PatternJson.Read(json, Streams);
        Assert.True(reading.Pattern is not null, $"{written}\n{json}\n{string.Join("\n", reading.Problems)}");
        AssertSame(pattern, reading.Pattern, written, json);
        Assert.Equal(json, PatternJson.Write(reading.Pattern));

        var text = PatternWriter.Write(reading.Pattern);
        var again = TryCompile(text);
        Assert.True(again is not null, $"{written}\nis written as\n{text}\nwhich does not compile.");
        AssertSame(pattern, again, written, text);
        Assert.Equal(text, PatternWriter.Write(again));
    }

    private static string Difference(string expected, string actual)
    {
        var at = expected.Zip(actual).TakeWhile(c => c.First == c.Second).Count();
        string Around(string text) => text[Math.Max(0, at - 100)..Math.Min(text.Length, at + 60)];
        return $"…{Around(expected)}… became …{Around(actual)}…";
    }

    private static void AssertSame(Pattern expected, Pattern actual, string written, string form)
    {
        if (ModelText.Of(expected) != ModelText.Of(actual))
            Assert.Fail($"{written}\nis written as\n{form}\nwhich means another pattern: {Difference(ModelText.Of(expected), ModelText.Of(actual))}");
    }
}
