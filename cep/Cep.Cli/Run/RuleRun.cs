using System.Diagnostics;
using System.Text.Json;
using Cep.Cli.Control;
using Cep.Cli.State;
using Cep.Cli.Terminal;
using Cep.Engine.Checkpoints;
using Cep.Engine.Connectors;
using Cep.Engine.Runtime;
using Cep.Language;
using Cep.Language.Text;
using Cep.Rules;
using Cep.Streaming;
using Cep.Streaming.Jobs;
using Cep.Streaming.Matches;
using Cep.Streaming.Quarantine;
using Cep.Streaming.Swaps;
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
        var files = RuleFiles.Read(options.Rules);
        if (RuleFiles.Compile(files) is not { } set)
            return ExitCode.RuleErrors;
        if (!set.LiveRules.Any())
            throw new UsageException("No rule runs: there is none, or all are drafts.");
        var inputs = Resolve(set);
        using var interruption = new Interruption();
        var patterns = PatternSet.Compile(set);
        var console = StandardError();
        var messages = new RunMessages(console, _style);
        RunCheckpoints? checkpoints = null;
        try
        {
            checkpoints = OpenCheckpoints(files, inputs, messages);
            var job = new RuleJob(patterns, JobOptions(patterns, inputs, checkpoints));
            var result = Run(job, files, console, messages, checkpoints, interruption);
            Tell(result, job, console, messages, checkpoints);
            return interruption.ExitCode ?? (result.Quarantined.Count > 0 ? ExitCode.RuleQuarantined : ExitCode.Ok);
        }
        catch (JobException e) when (IsReaderGone(e))
        {
            return ExitCode.Ok;
        }
        catch (Exception e) when (e is JobException or CorruptSnapshotException or SnapshotVersionException or CheckpointStoreException or SwapRefusedException)
        {
            messages.Error($"the run failed: {e.Message}{(checkpoints?.HowToGoOn is { } how ? $" {how}" : "")}");
            return ExitCode.RunFailed;
        }
        finally
        {
            checkpoints?.Dispose();
        }
    }

    private RunCheckpoints? OpenCheckpoints(IReadOnlyList<SourceText> files, IReadOnlyList<ResolvedInput> inputs, RunMessages messages)
    {
        if (options.Checkpoints is not { } arguments)
            return null;
        var checkpoints = RunCheckpoints.Open(arguments, StoredRules.Of(files), inputs, messages);
        if (options.Outputs.Matches is null)
            messages.Note("Matches on standard output cannot be taken back: after a crash, those since the last checkpoint are written again. With --output FILE each is written once.");
        return checkpoints;
    }

    private void Tell(RuleJobResult result, RuleJob job, IAnsiConsole console, RunMessages messages, RunCheckpoints? checkpoints)
    {
        SummaryTable.Write(console, RunSummary.Of(result, checkpoints?.EventsBefore ?? 0), options.Outputs);
        if (options.ShowsMetrics)
            MetricsTable.Write(console, MetricsTable.Of(job, Process.GetCurrentProcess().PeakWorkingSet64));
        foreach (var error in result.Quarantined)
            Console.Error.WriteLine($"{_style.Red("quarantined")} {error.Rule.Name}: {error.Message}");
        if (result.Input.IsCanceled && checkpoints?.HowToGoOn is { } how)
            messages.Note($"Stopped. {how}");
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

    private RuleJobOptions JobOptions(PatternSet patterns, IReadOnlyList<ResolvedInput> inputs, RunCheckpoints? checkpoints)
    {
        var json = new MatchJson(patterns.RuleSet.Streams, options.Explains ? new MatchExplainer(patterns) : null);
        var outputs = options.Outputs;
        return new RuleJobOptions
        {
            Inputs = inputs.Select(i => i.ToEventInput(patterns.RuleSet)).ToList(),
            Parallelism = options.Parallelism,
            Checkpoints = checkpoints?.Options,
            Matches = To<Match>(outputs.Matches, json.Write) ?? JsonLines.Sink<Match>(ByteOutput.StandardOutput(), json.Write),
            Timeouts = To<Match>(outputs.Timeouts, json.Write),
            Late = To<LateRecord<StreamEvent>>(outputs.Late, json.Write),
            Errors = To<RuleError>(outputs.Errors, json.Write),
            Malformed = To<MalformedRecord>(outputs.Malformed, MatchJson.Write),
            Changes = To<RulesChanged>(outputs.Changes, MatchJson.Write),
            PolicyAtRestore = options.OnChange,
            RuleSerializer = new RuleTextSerializer(),
        };
    }

    private Sink<T>? To<T>(string? file, Action<Utf8JsonWriter, T> write) =>
        file is null ? null : options.Checkpoints is null ? JsonLines.Sink(ByteOutput.File(file), write) : JsonLines.TransactionalSink(file, write);

    private RuleJobResult Run(RuleJob job, IReadOnlyList<SourceText> files, IAnsiConsole console, RunMessages messages, RunCheckpoints? checkpoints, Interruption interruption)
    {
        using var server = checkpoints is null ? null : ControlServer.Start(checkpoints.Folder, new ControlledRun(job.SavepointAsync, interruption.Stop), messages);
        using var watch = new RuleWatch(options.WatchesRules ? new RuleFolder(options.Rules, files) : null, job, options.OnChange, messages);
        using var bar = ProgressBar.StartIfSeen(console, job, options.Outputs, () => checkpoints?.EventsBefore ?? 0);
        var result = job.Run(interruption.Token);
        server?.Ended(result.Input.IsCanceled ? checkpoints!.Last : null);
        return result;
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
