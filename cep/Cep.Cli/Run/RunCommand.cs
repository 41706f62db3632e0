using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using Cep.Engine.Runtime;
using Cep.Events;
using Cep.Streaming.Swaps;

namespace Cep.Cli.Run;

/// <summary><c>cep run</c>: what rules find in events.</summary>
internal static class RunCommand
{
    private const int ParallelismMax = 128;
    private const long IntervalMsDefault = 10_000;

    private static readonly Help Help = new(
        """
        Each match is one line of JSON on standard output, or in --output: the rule,
        its key, the times of the first and last event, the measures of `emit`, and
        the events themselves by step. Nothing else is written there, so it can be
        piped. Standard error takes a progress bar, where it is a terminal that does
        not also show the matches, and at the end a summary.

        Which stream an input holds is what STREAM= says; without it, the stream of
        the file's name (auths.jsonl, auths.csv.gz: `auths`); else the only stream of
        the rules; else what the field "$stream" of each line says.

        Files ending in .csv are comma-separated values with a header; all others are
        JSON lines. Both may be compressed with gzip (.gz). `-` is standard input, as
        JSON lines.

        Late events (further behind the newest than the stream's delay) and malformed
        ones are counted and, where a file is given for them, written there; the run
        goes on. A rule that cannot be evaluated, such as one with more partial
        matches than `partials … on overflow fail` allows, is stopped: nothing of it
        is told from there on, the others go on, and the exit code says so.

        At the end of the input all deadlines pass. What is found, and its order, does
        not depend on --parallelism.

        With --explain each line of a match or timeout ends with "explanation": for
        each event the step it met, its stream and place in the input (auths#4711),
        and the step's condition with its values: amount > 200 [350.00 > 200].

        With --checkpoint the run remembers in a folder, every so often, how far it
        has read and what it waits for. However it ends - killed, out of power,
        Ctrl-C - the same command goes on from the last checkpoint, and in each output
        file every line stands once. A file shows a line when the checkpoint that has
        it is complete; what waits for that lies in FILE.staged. Once all of the input
        is read there is nothing left to do. To begin anew, give another folder or
        remove this one. --from is for the first start: as soon as the folder holds a
        checkpoint, the run goes on from that.

        With --watch-rules an edited rule file is compiled while the run goes on, and
        takes the place of the rules that run at one moment in event time; standard
        error says what that means for each rule. Rules that look for the same keep
        their partial matches. Those of a rule that has changed are carried over where
        it waits for the same steps; --on-change reset drops them, and with drain they
        go on under the rule as it was, beside the new one, until they have ended.
        Rules with errors, or that cannot take the place of those that run, change
        nothing.

        --restart is for failures that do not end the process, such as a disk that is
        full for a while: fixed:3,10s restarts at most 3 times, 10 s after each
        failure; exponential:1s,5m always, after pauses that double from 1 s to 5
        minutes; rate:3,1h,10s unless there were 3 others in the hour before.
        """,
        [
            ("cep run rules/ --input auths.jsonl", "the stream's name is the file's"),
            ("cep run rules/ --input auths=monday.csv.gz auths=tuesday.csv.gz --output alerts.jsonl", "two files of one stream, matches into a file"),
            ("tail -f app.log | cep run errors.cep --input -", "events as they come"),
            ("cep run rules/ --input orders.jsonl shipments.jsonl --late late.jsonl --malformed malformed.jsonl", "keep what was put aside"),
            ("cep run rules/ --input auths.jsonl | jq -r .rule | sort | uniq -c", "matches are JSON lines"),
            ("cep run rules/ --input auths.jsonl --explain | jq -r '.explanation[] | .step + \"  \" + .event + \"  \" + .met'", "why they matched"),
            ("cep run rules/ --input auths.jsonl --output alerts.jsonl --checkpoint state/", "goes on where it stood when it is started again"),
            ("cep run rules/ --input auths.jsonl --output alerts.jsonl --checkpoint state/ --watch-rules", "edited rules take over while it runs"),
            ("cep run rules/ --input auths.jsonl --output b.jsonl --checkpoint b/ --from savepoints/monday", "begins where a savepoint was taken"),
        ],
        [
            (ExitCode.Ok, "all input was read; also after `cep stop`, and when whoever reads standard output has had enough"),
            (ExitCode.RuleErrors, "the rules have errors; they are printed on standard error, and nothing is run"),
            (ExitCode.WrongUsage, "wrong usage: arguments, files that are not there; nothing is run"),
            (ExitCode.RunFailed, "the run failed: reading, writing, corrupt input"),
            (ExitCode.RuleQuarantined, "all input was read, but a rule failed and was stopped; --errors says why"),
            (ExitCode.Interrupted, "interrupted by Ctrl-C: what was read was processed and written"),
            (ExitCode.Terminated, "terminated by a signal: likewise"),
        ]);

    public static Command Create()
    {
        var rules = CommandLine.RulesArgument();
        var inputs = CommandLine.InputOption();
        var output = FileOption("--output", "Takes the matches, in place of standard output.", "-o");
        var late = FileOption("--late", "Takes late events, one JSON line each.");
        var timeouts = FileOption("--timeouts", "Takes partial matches that ran out of time, as matches are written.");
        var malformed = FileOption("--malformed", "Takes input that is no event: file, line, reason, text.");
        var errors = FileOption("--errors", "Takes the rules that failed and were stopped: rule, key, time, message, event.");
        var changes = FileOption("--changes", "Takes each change of the rules: from which event time, and what became of each rule.");
        var parallelism = new Option<int>("--parallelism", "-p")
        {
            HelpName = "N", Description = $"The number of threads that match, 1 to {ParallelismMax}.", DefaultValueFactory = _ => 1, CustomParser = ParseParallelism,
        };
        var metrics = new Option<bool>("--metrics") { Description = "Adds to the summary how the run went: memory, bytes, time, and what each rule did." };
        var explain = new Option<bool>("--explain") { Description = "Adds to each match and timeout why: the values of the conditions that its events met." };
        var watch = new Option<bool>("--watch-rules") { Description = "Puts edited rules in the place of those that run, without a stop." };
        var onChange = new Option<SwapPolicy>("--on-change")
        {
            HelpName = "POLICY", Description = $"What becomes of partial matches of a rule that changes: {OnChangeArgument.Forms}. [default: carry]", CustomParser = ParseOnChange,
        };
        var checkpoint = new Option<string?>("--checkpoint") { HelpName = "DIR", Description = "Remembers in this folder where the run stands, and goes on from there." };
        var interval = new Option<long>("--checkpoint-interval")
        {
            HelpName = "D", Description = "From one checkpoint to the next, such as 500ms or 1m. [default: 10s]", CustomParser = ParseInterval,
        };
        var from = new Option<string?>("--from") { HelpName = "SAVEPOINT", Description = "Begins from a savepoint while the checkpoint folder holds no checkpoint." };
        var restart = new Option<RestartStrategy>("--restart")
        {
            HelpName = "STRATEGY", Description = $"What to do when the run fails: {RestartArgument.Forms.Replace("`", "", StringComparison.Ordinal)}. [default: none]", CustomParser = ParseRestart,
        };
        var command = new DocumentedCommand("run", "Runs rules over events and prints the matches.", Help)
        {
            rules, inputs, output, late, timeouts, malformed, errors, parallelism, metrics, explain, checkpoint, interval, from, restart, watch, onChange, changes,
        };
        command.SetAction(result => new RuleRun(new RunOptions(
            result.GetRequiredValue(rules),
            result.GetRequiredValue(inputs),
            new OutputFiles(result.GetValue(output), result.GetValue(late), result.GetValue(timeouts), result.GetValue(malformed), result.GetValue(errors), result.GetValue(changes)),
            result.GetValue(parallelism),
            result.GetValue(metrics),
            result.GetValue(explain),
            Checkpoints(result),
            result.GetValue(watch),
            result.GetValue(onChange) ?? SwapPolicy.Carry)).Run());
        return command;

        CheckpointArguments? Checkpoints(ParseResult result)
        {
            if (result.GetValue(checkpoint) is not { } folder)
            {
                return new Option[] { interval, from, restart }.FirstOrDefault(o => result.GetResult(o) is not null) is { } lonely
                    ? throw new UsageException($"{lonely.Name} needs --checkpoint DIR.") : null;
            }
            if (folder.Length == 0)
                throw new UsageException("--checkpoint needs a folder.");
            var intervalMs = result.GetResult(interval) is null ? IntervalMsDefault : result.GetValue(interval);
            return new CheckpointArguments(folder, intervalMs, result.GetValue(from), result.GetValue(restart) ?? RestartStrategy.None);
        }
    }

    private static long ParseInterval(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (DurationText.TryParse(Encoding.UTF8.GetBytes(text), out var ms) && ms is > 0 and <= int.MaxValue)
            return ms;
        result.AddError($"--checkpoint-interval is a span of time such as 500ms, 10s or 1m, at most 24d, not `{text}`.");
        return IntervalMsDefault;
    }

    private static RestartStrategy? ParseRestart(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (RestartArgument.TryParse(text, out var strategy))
            return strategy;
        result.AddError($"--restart is {RestartArgument.Forms}, such as `fixed:3,10s`, not `{text}`.");
        return null;
    }

    private static SwapPolicy? ParseOnChange(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (OnChangeArgument.TryParse(text, out var policy))
            return policy;
        result.AddError($"--on-change is {OnChangeArgument.Forms}, not `{text}`.");
        return null;
    }

    private static Option<string?> FileOption(string name, string description, params string[] aliases) =>
        new(name, aliases) { HelpName = "FILE", Description = description };

    private static int ParseParallelism(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (int.TryParse(text, out var parallelism) && parallelism is >= 1 and <= ParallelismMax)
            return parallelism;
        result.AddError($"--parallelism is a number from 1 to {ParallelismMax}, not `{text}`.");
        return 1;
    }
}
