using System.Diagnostics;
using System.Text.Json;
using Cep.Cli.Terminal;
using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Rules;
using Cep.Streaming;
using Cep.Streaming.Jobs;
using Cep.Streaming.Matches;
using Cep.Streaming.Quarantine;
using Spectre.Console;

namespace Cep.Cli.Run;

/// <summary>One <c>cep run</c>, from the arguments to the exit code.</summary>
/// <param name="options">What the user asked for.</param>
internal sealed class RuleRun(RunOptions options)
{
    private readonly TextStyle _style = TextStyle.OfError;

    /// <summary>Runs, and says on standard error how it went.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="UsageException">Something is wrong with the arguments; nothing was run.</exception>
    public int Run()
    {
        if (RuleFiles.Compile(options.Rules) is not { } set)
            return ExitCode.RuleErrors;
        if (!set.LiveRules.Any())
            throw new UsageException("No rule runs: there is none, or all are drafts.");
        var inputs = Resolve(set);
        using var interruption = new Interruption();
        var patterns = PatternSet.Compile(set);
        var job = new RuleJob(patterns, JobOptions(patterns, inputs));
        var console = StandardError();
        try
        {
            var result = Run(job, console, interruption.Token);
            SummaryTable.Write(console, RunSummary.Of(result), options.Outputs);
            if (options.ShowsMetrics)
                MetricsTable.Write(console, MetricsTable.Of(job, Process.GetCurrentProcess().PeakWorkingSet64));
            foreach (var error in result.Quarantined)
                Console.Error.WriteLine($"{_style.Red("quarantined")} {error.Rule.Name}: {error.Message}");
            return interruption.ExitCode ?? (result.Quarantined.Count > 0 ? ExitCode.RuleQuarantined : ExitCode.Ok);
        }
        catch (JobException e) when (IsReaderGone(e))
        {
            return ExitCode.Ok;
        }
        catch (JobException e)
        {
            Console.Error.WriteLine($"{_style.Red("error")}: the run failed: {e.Message}");
            return ExitCode.RunFailed;
        }
    }

    private IReadOnlyList<ResolvedInput> Resolve(RuleSet set)
    {
        var resolver = new InputResolver(set, InputFacts.OfFileSystem);
        var inputs = resolver.Resolve(options.Inputs);
        var problems = resolver.Problems.Concat(options.Outputs.Problems(inputs.Select(i => i.Path))).ToList();
        if (problems.Count > 0)
            throw new UsageException(problems);
        foreach (var warning in resolver.StreamsWithoutInput(inputs))
            Console.Error.WriteLine($"{_style.Yellow("warning")}: {warning}");
        return inputs;
    }

    private RuleJobOptions JobOptions(PatternSet patterns, IReadOnlyList<ResolvedInput> inputs)
    {
        var json = new MatchJson(patterns.RuleSet.Streams, options.Explains ? new MatchExplainer(patterns) : null);
        var outputs = options.Outputs;
        return new RuleJobOptions
        {
            Inputs = inputs.Select(i => i.ToEventInput(patterns.RuleSet)).ToList(),
            Parallelism = options.Parallelism,
            Matches = JsonLines.Sink<Match>(outputs.Matches is null ? ByteOutput.StandardOutput() : ByteOutput.File(outputs.Matches), json.Write),
            Timeouts = To<Match>(outputs.Timeouts, json.Write),
            Late = To<LateRecord<StreamEvent>>(outputs.Late, json.Write),
            Errors = To<RuleError>(outputs.Errors, json.Write),
            Malformed = To<MalformedRecord>(outputs.Malformed, MatchJson.Write),
        };
    }

    private static LineSink<T>? To<T>(string? file, Action<Utf8JsonWriter, T> write) =>
        file is null ? null : JsonLines.Sink(ByteOutput.File(file), write);

    private RuleJobResult Run(RuleJob job, IAnsiConsole console, CancellationToken cancel)
    {
        using var bar = ProgressBar.StartIfSeen(console, job, options.Outputs);
        return job.Run(cancel);
    }

    private static IAnsiConsole StandardError()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Error),
            Ansi = Console.IsErrorRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            // Events may come from standard input; that does not make the terminal a file.
            Interactive = Console.IsErrorRedirected ? InteractionSupport.No : InteractionSupport.Yes,
            ColorSystem = TextStyle.IsColourWanted && !Console.IsErrorRedirected ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        if (Console.IsErrorRedirected)
            console.Profile.Width = 100;
        return console;
    }

    /// <summary>Whether the run ended because nobody reads standard output any more, as in <c>cep run … | head</c>.</summary>
    private static bool IsReaderGone(JobException e)
    {
        const int brokenPipe = 32;
        const int windowsBrokenPipe = unchecked((int)0x8007006D);
        const int windowsNoData = unchecked((int)0x800700E8);
        return e is { Where: "sink 'standard output'", InnerException: IOException { HResult: brokenPipe or windowsBrokenPipe or windowsNoData } };
    }
}
