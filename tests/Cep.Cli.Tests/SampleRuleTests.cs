using Cep.Language;
using Cep.Language.Text;
using Cep.Rules.Testing;
using Cep.Streaming.Testing;
using Xunit;

namespace Cep.Cli.Tests;

/// <summary>The tests of the sample rules: they pass, they are there for each, and a rule that is wrong does not pass them.</summary>
public class SampleRuleTests
{
    /// <summary>Changes of a rule that change nothing of what it means.</summary>
    private static readonly Dictionary<string, string> WithoutEffect = new()
    {
        ["v_shape: `where close <= last(up.close)` -> ``"] = "`up` takes every day that rises, so `turn` is one that does not anyhow",
        ["v_shape: `3650d` -> `315360000001ms`"] = "the window is longer than any test",
        ["v_shape: `3650d` -> `315359999999ms`"] = "the window is longer than any test",
        ["impossible_travel: `1h` -> `3600001ms`"] = "less than a millionth of a speed",
        ["impossible_travel: `1h` -> `3599999ms`"] = "less than a millionth of a speed",
        ["ssh_failures_then_success: `where event in (\"failed_login\", \"accepted_login\")` -> ``"] = "each step says which events it takes, and others may come between",
        ["ssh_failures_then_success: `where event == \"accepted_login\"` -> ``"] = "the filter leaves two kinds of events, and `failed` takes all of the other",
        ["brute_force_then_login: `where outcome == \"success\"` -> ``"] = "there are two outcomes, and `wrong` takes all of the other",
    };

    public static TheoryData<string> Files => new(Directory.GetFiles(Repository.Sample(), "*.cep", SearchOption.AllDirectories)
        .Where(f => File.ReadAllText(f).Contains("\nrule ", StringComparison.Ordinal)).Select(f => Path.GetRelativePath(Repository.Sample(), f).Replace('\\', '/')).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public void Tests_pass(string file)
    {
        var set = Compiled(file, File.ReadAllText(Repository.Sample(file)));
        Assert.Empty(set.Diagnostics);
        Assert.Equal([], Results(set).SelectMany(r => r.Failures.Select(f => $"{r.Test.Name}: {f.Message}")));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_rule_has_tests_of_what_it_tells_of_what_it_does_not_and_of_a_restart(string file)
    {
        var set = Compiled(file, File.ReadAllText(Repository.Sample(file)));
        foreach (var rule in set.RuleSet!.Rules)
        {
            var tests = set.Tests.Where(t => t.Rule == rule).ToList();
            Assert.Contains(tests, t => t.Expectations.Any(e => e is ExpectedAlert));
            Assert.Contains(tests, t => t.Steps.Count(s => s is TestEvent) > t.Expectations.Count(e => e is ExpectedAlert));
            Assert.Contains(tests, t => t.Steps.Any(s => s is TestRestart));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Rule_with_one_thing_wrong_fails_its_tests(string file)
    {
        var text = File.ReadAllText(Repository.Sample(file));
        var survivors = new List<string>();
        foreach (var rule in Compiled(file, text).RuleSet!.Rules)
        {
            var mutants = RuleMutants.Of(text, rule.Name).Where(m => !WithoutEffect.ContainsKey(m.What)).Select(m => (m.What, Set: Compiled(file, m.Text))).Where(m => !m.Set.HasErrors).ToList();
            Assert.True(mutants.Count >= 2, $"{rule.Name} has {mutants.Count} mutants that compile.");
            survivors.AddRange(mutants.Where(m => Results(m.Set, rule.Name).All(r => r.HasPassed)).Select(m => m.What));
        }
        Assert.Equal([], survivors);
    }

    private static IEnumerable<RuleTestResult> Results(RuleCompilation set, string? rule = null)
    {
        var runner = new RuleTestRunner(set.RuleSet!);
        return set.Tests.Where(t => rule is null || t.Rule.Name == rule).Select(runner.Run);
    }

    /// <summary>A file, compiled with the streams of its folder.</summary>
    private static RuleCompilation Compiled(string file, string text)
    {
        var path = Repository.Sample(file);
        var streams = Path.Combine(Path.GetDirectoryName(path)!, "streams.cep");
        SourceText[] others = File.Exists(streams) ? [new SourceText(streams, File.ReadAllText(streams))] : [];
        return RuleCompiler.Compile([new SourceText(path, text), .. others], RuleListFiles.Read);
    }
}
