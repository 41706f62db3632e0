using System.Globalization;
using Cep.Differential.Cases;
using Xunit.Abstractions;

namespace Cep.Streaming.Tests.Matching;

/// <summary>A pattern means the same inside any program and on the engine.</summary>
public class MatcherAndJobTests(ITestOutputHelper output)
{
    private const ulong CasesByDefault = 150;

    [Fact]
    public void Matcher_and_job_of_any_parallelism_tell_the_same_matches_and_timeouts()
    {
        var seed = Number("CEP_DIFFERENTIAL_SEED", 1);
        var count = Number("CEP_DIFFERENTIAL_CASES", CasesByDefault);
        var (patterns, matches, timeouts) = (0, 0, 0);
        for (var i = 0UL; i < count; i++)
        {
            var c = KeyedCase.Of(seed + i);
            var found = Answers.OfMatchers(c);
            var rules = PatternSet.Compile(c.Rules());
            Check(seed + i, c, found, Answers.OfJob(c, rules, parallelism: 1));
            Check(seed + i, c, found, Answers.OfJob(c, rules, parallelism: 3));
            CheckAsSets(seed + i, found, Answers.OfStreams(c, parallelism: 1 + (int)(i % 3)));
            patterns += found.Count * c.Arrivals.Select(e => e.Key).Distinct().Count();
            matches += found.Sum(f => f.Count(t => t.StartsWith('m')));
            timeouts += found.Sum(f => f.Count(t => t.StartsWith('t')));
        }
        output.WriteLine($"{count} cases from seed {seed}, {patterns} pairs of pattern and key: {matches} matches, {timeouts} timeouts");
        if (count >= CasesByDefault)
            Assert.True(matches > 10 * (int)count && timeouts > 10 * (int)count, "The cases prove little.");
    }

    private static void Check(ulong seed, KeyedCase c, IReadOnlyList<string[]> matchers, IReadOnlyList<string[]> job)
    {
        for (var i = 0; i < c.Patterns.Count; i++)
        {
            // Of matches at one deadline, that whose first event arrived first comes first; to a matcher events arrive in order of time.
            if (c.DelayMs == 0 ? matchers[i].SequenceEqual(job[i]) : matchers[i].Order().SequenceEqual(job[i].Order()))
                continue;
            Assert.Fail($"""
                Seed {seed}, pattern {i}{(c.Patterns[i].IsKeyed ? " by key" : "")}:
                {CaseText.Rule(c.Patterns[i].Pattern)}{string.Join('\n', c.Arrivals.Select((e, n) => $"// {n}: {e.Key} {CaseText.Of(new RandomCase(c.Patterns[i].Pattern, [new TimedEvent(e, KeyedCase.TimeMs(e))])).Split('\n')[^2]}"))}
                matcher only: {string.Join("; ", matchers[i].Except(job[i]))}
                job only: {string.Join("; ", job[i].Except(matchers[i]))}
                """);
        }
    }

    /// <summary>A program of streams tells what is found at one time by key.</summary>
    private static void CheckAsSets(ulong seed, IReadOnlyList<string[]> matchers, IReadOnlyList<string[]> streams)
    {
        for (var i = 0; i < matchers.Count; i++)
            Assert.True(matchers[i].Order().SequenceEqual(streams[i].Order()), $"Seed {seed}, pattern {i}: {string.Join("; ", matchers[i].Except(streams[i]))} | {string.Join("; ", streams[i].Except(matchers[i]))}");
    }

    private static ulong Number(string variable, ulong otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
