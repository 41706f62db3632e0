using System.Text;
using Cep.Cli.Terminal;
using Cep.Streaming.Testing;

namespace Cep.Cli.Test;

/// <summary>What came of tests, as text: each test below its rule, each failure below its test, and the sum.</summary>
/// <param name="style">The colours.</param>
/// <param name="width">The columns there are.</param>
internal sealed class TestReport(TextStyle style, int width)
{
    private const int FailureIndent = 4;
    private const int TableIndent = 6;

    /// <summary>The report of all tests.</summary>
    /// <param name="results">In order.</param>
    /// <param name="untested">The names of rules without a test.</param>
    public string Of(IReadOnlyList<RuleTestResult> results, IReadOnlyList<string> untested)
    {
        var text = new StringBuilder();
        foreach (var rule in results.GroupBy(r => r.Test.Rule.Name))
        {
            text.Append(style.Bold(rule.Key)).Append('\n');
            foreach (var result in rule)
                Write(text, result);
        }
        text.Append('\n').Append(Sum(results)).Append('\n');
        if (untested.Count > 0)
            text.Append(style.Dim($"without a test: {string.Join(", ", untested)}")).Append('\n');
        return text.ToString();
    }

    /// <summary>One failure: where, what, and the alerts that it is about.</summary>
    public string Of(TestFailure failure)
    {
        var text = new StringBuilder();
        Write(text, failure, 0);
        return text.ToString();
    }

    private void Write(StringBuilder text, RuleTestResult result)
    {
        text.Append("  ").Append(result.HasPassed ? style.Green("✓") : style.Red("✗")).Append(' ').Append(result.Test.Name.ReplaceLineEndings(" ")).Append('\n');
        foreach (var failure in result.Failures)
            Write(text, failure, FailureIndent);
    }

    private void Write(StringBuilder text, TestFailure failure, int indent)
    {
        text.Append(' ', indent).Append(style.Dim($"{failure.Place.File}:{failure.Place.Line}:")).Append(' ').Append(failure.Message).Append('\n');
        var table = failure switch
        {
            MissingAlert missing => AlertTable.Of(missing.Expected, missing.Nearest),
            UnexpectedAlert unexpected => AlertTable.Of(unexpected.Alert),
            _ => null,
        };
        if (table is null)
            return;
        var columns = indent + TableIndent - FailureIndent;
        foreach (var line in table.Lines(style, width - columns))
            text.Append(' ', columns).Append(line).Append('\n');
    }

    private string Sum(IReadOnlyList<RuleTestResult> results)
    {
        var failed = results.Count(r => !r.HasPassed);
        var passed = $"{results.Count - failed} passed";
        return $"{(failed == 0 ? style.Green(passed) : passed)}, {(failed == 0 ? "0 failed" : style.Red($"{failed} failed"))}";
    }
}
