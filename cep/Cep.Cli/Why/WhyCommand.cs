using System.CommandLine;
using System.Text;
using Cep.Cli.Run;
using Cep.Cli.Terminal;
using Cep.Engine.Runtime;
using Cep.Events;
using Cep.Rules;
using Cep.Streaming.Inquiries;
using Cep.Streaming.Keys;

namespace Cep.Cli.Why;

/// <summary><c>cep why</c>: why a rule did, or did not, match for a key.</summary>
internal static class WhyCommand
{
    private static readonly Help Help = new(
        """
        Reads the inputs again as `cep run` does and watches one rule and one key. The
        first lines say whether there was a match, else how far the furthest partial
        match came, what became of it, and which clause failed. Below: its events
        with the values of their conditions, the last events that did not fit, and
        what never reached the pattern (pre-filter, late, malformed).

        A key of several fields is one line of CSV in the order of the rule's key:
        --key web-1,80; a text that holds a comma stands in double quotes.

        An event is called by its stream and its place in all input: auths#4711. For
        one file without blank lines that is the number of its line.

        With --at time stops there: later events are left out, and a partial match
        that is alive is told with the time it has left. Without it, the input ends
        and all deadlines pass.
        """,
        [
            ("cep why rules/ --rule card_testing --key c-0155 --input auths.jsonl", "why was there no alert for this card?"),
            ("cep why rules/ --rule port_scan --key 10.0.0.7,web-1 --input conns.jsonl --at 2026-03-02T10:00:00Z", "how did it stand at ten?"),
        ],
        [
            (ExitCode.Ok, "told, match or not"),
            (ExitCode.RuleErrors, "the rules have errors; they are printed on standard error"),
            (ExitCode.WrongUsage, "wrong usage: arguments, files or rules that are not there, a key that does not fit"),
            (ExitCode.RunFailed, "the inputs could not be read"),
        ]);

    public static Command Create()
    {
        var rules = CommandLine.RulesArgument();
        var rule = new Option<string>("--rule") { HelpName = "NAME", Description = "The rule.", Required = true };
        var key = new Option<string?>("--key") { HelpName = "KEY", Description = "The key; left out for a rule without one." };
        var at = new Option<string?>("--at") { HelpName = "TIME", Description = "Looks at this time, such as 2026-03-02T10:00:00Z." };
        var inputs = CommandLine.InputOption();
        var command = new DocumentedCommand("why", "Tells why a rule did, or did not, match for a key.", Help) { rules, rule, key, at, inputs };
        command.SetAction(result => Run(
            result.GetRequiredValue(rules), result.GetRequiredValue(rule), result.GetValue(key), result.GetValue(at), result.GetRequiredValue(inputs)));
        return command;
    }

    private static int Run(IReadOnlyList<string> paths, string name, string? key, string? at, IReadOnlyList<string> inputs)
    {
        if (RuleFiles.Compile(paths) is not { } all)
            return ExitCode.RuleErrors;
        var rule = CommandLine.RuleNamed(name, all);
        // The one rule alone, and a draft as if it were live: what other rules read is of no interest here.
        var set = all with { Rules = [rule with { Status = RuleStatus.Live }] };
        var (values, atMs) = (KeyOf(rule, key), TimeOf(rule, at));
        var resolver = new InputResolver(set, InputFacts.OfFileSystem);
        var resolved = resolver.Resolve(inputs);
        if (resolver.Problems.Count > 0)
            throw new UsageException(resolver.Problems);
        foreach (var warning in resolver.StreamsWithoutInput(resolved))
            Console.Error.WriteLine($"{TextStyle.OfError.Yellow("warning")}: {warning}");
        try
        {
            var report = KeyInquiry.Run(set.Streams, rule, values, resolved.Select(i => i.ToEventInput(set)).ToList(), atMs);
            Console.Out.Write(WhyPage.Of(report, TextStyle.OfOutput));
            return ExitCode.Ok;
        }
        catch (JobException e)
        {
            Console.Error.WriteLine($"{TextStyle.OfError.Red("error")}: the inputs could not be read: {e.Message}");
            return ExitCode.RunFailed;
        }
    }

    private static IReadOnlyList<object?> KeyOf(Rule rule, string? text)
    {
        var names = string.Join(",", rule.Inputs[0].KeyFields.Select(f => f.Name));
        if (names.Length == 0)
            return text is null ? [] : throw new UsageException($"`{rule.Name}` has no key: leave out --key.");
        if (text is null)
            throw new UsageException($"--key is missing: `{rule.Name}` matches by {names}.");
        return KeyText.TryParse(rule.Inputs[0], text, out var key, out var problem) ? key : throw new UsageException($"--key: {problem}");
    }

    private static long? TimeOf(Rule rule, string? text)
    {
        if (text is null)
            return null;
        if (rule.Inputs.FirstOrDefault(i => i.Stream.Time is null) is { } clocked)
            throw new UsageException($"--at cannot be asked of `{rule.Name}`: the events of `{clocked.Stream.Name}` have the time at which they are read.");
        return TimestampText.TryParse(Encoding.UTF8.GetBytes(text), out var ms)
            ? ms : throw new UsageException($"--at is a time such as 2026-03-02T10:00:00Z, not `{text}`.");
    }
}
