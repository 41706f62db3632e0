using System.CommandLine;
using System.CommandLine.Parsing;

namespace Cep.Cli.Run;

/// <summary><c>cep run</c>: what rules find in events.</summary>
internal static class RunCommand
{
    private const int ParallelismMax = 128;

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
        """,
        [
            ("cep run rules/ --input auths.jsonl", "the stream's name is the file's"),
            ("cep run rules/ --input auths=monday.csv.gz auths=tuesday.csv.gz --output alerts.jsonl", "two files of one stream, matches into a file"),
            ("tail -f app.log | cep run errors.cep --input -", "events as they come"),
            ("cep run rules/ --input orders.jsonl shipments.jsonl --late late.jsonl --malformed malformed.jsonl", "keep what was put aside"),
            ("cep run rules/ --input auths.jsonl | jq -r .rule | sort | uniq -c", "matches are JSON lines"),
            ("cep run rules/ --input auths.jsonl --explain | jq -r '.explanation[] | .step + \"  \" + .event + \"  \" + .met'", "why they matched"),
        ],
        [
            (ExitCode.Ok, "all input was read; also when whoever reads standard output has had enough"),
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
        var parallelism = new Option<int>("--parallelism", "-p")
        {
            HelpName = "N", Description = $"The number of threads that match, 1 to {ParallelismMax}.", DefaultValueFactory = _ => 1, CustomParser = ParseParallelism,
        };
        var metrics = new Option<bool>("--metrics") { Description = "Adds to the summary how the run went: memory, bytes, time, and what each rule did." };
        var explain = new Option<bool>("--explain") { Description = "Adds to each match and timeout why: the values of the conditions that its events met." };
        var command = new DocumentedCommand("run", "Runs rules over events and prints the matches.", Help)
        {
            rules, inputs, output, late, timeouts, malformed, errors, parallelism, metrics, explain,
        };
        command.SetAction(result => new RuleRun(new RunOptions(
            result.GetRequiredValue(rules),
            result.GetRequiredValue(inputs),
            new OutputFiles(result.GetValue(output), result.GetValue(late), result.GetValue(timeouts), result.GetValue(malformed), result.GetValue(errors)),
            result.GetValue(parallelism),
            result.GetValue(metrics),
            result.GetValue(explain))).Run());
        return command;
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
