using System.Globalization;
using Cep.Streaming.Jobs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Cep.Cli.Run;

/// <summary>Shows on standard error how far a job is, from a thread of its own, until it is disposed and wipes itself out.</summary>
internal sealed class ProgressBar : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly IAnsiConsole _console;
    private readonly RuleJob _job;
    private readonly Func<long> _eventsBefore;
    private readonly TimeProvider _clock;
    private readonly long _started;
    private readonly ManualResetEventSlim _ended = new();
    private readonly Thread _thread;

    private ProgressBar(IAnsiConsole console, RuleJob job, Func<long> eventsBefore, TimeProvider clock)
    {
        (_console, _job, _eventsBefore, _clock) = (console, job, eventsBefore, clock);
        _started = clock.GetTimestamp();
        _thread = new Thread(Draw) { Name = "progress", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Starts to draw if there is someone to see it: standard error is a terminal, and the matches do not go to the same one.</summary>
    /// <param name="console">Standard error.</param>
    /// <param name="job">The job.</param>
    /// <param name="outputs">Says where the matches go.</param>
    /// <param name="eventsBefore">Events that were read before this run.</param>
    /// <returns>What ends it; null when nobody would see it.</returns>
    public static ProgressBar? StartIfSeen(IAnsiConsole console, RuleJob job, OutputFiles outputs, Func<long> eventsBefore) =>
        !Console.IsErrorRedirected && (outputs.Matches is not null || Console.IsOutputRedirected) ? new ProgressBar(console, job, eventsBefore, TimeProvider.System) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended.Set();
        _thread.Join();
        _ended.Dispose();
    }

    private void Draw() => _console.Progress().AutoClear(true).AutoRefresh(false)
        .Columns(new SpinnerColumn(Spinner.Known.Line), new ProgressBarColumn { Width = 24 }, new ShareColumn(_job), new TaskDescriptionColumn { Alignment = Justify.Left })
        .Start(context =>
        {
            var task = context.AddTask("starting", maxValue: 1);
            while (!_ended.Wait(Interval))
            {
                task.IsIndeterminate = _job.Progress.TotalBytes is null;
                task.Value = Share(_job) ?? 0;
                task.Description = Text();
                context.Refresh();
            }
        });

    private static double? Share(RuleJob job) =>
        job.Progress.TotalBytes is { } total ? total == 0 ? 1 : Math.Min(1, (double)job.Progress.BytesRead / total) : null;

    private string Text()
    {
        var events = _job.Progress.Records;
        // Before the first event the job may still be making what counts.
        var matches = events == 0 ? 0 : _job.CountsSoFar().Sum(r => r.Counts.Matches);
        var rate = (long)(Math.Max(0, events - _eventsBefore()) / Math.Max(_clock.GetElapsedTime(_started).TotalSeconds, 0.001));
        return string.Create(CultureInfo.InvariantCulture, $"{events:N0} events  {rate:N0}/s  {matches:N0} matches");
    }

    /// <summary>The share of the bytes that has been read; blank where their number is not known.</summary>
    private sealed class ShareColumn(RuleJob job) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(Share(job) is { } share ? $"{(int)(share * 100),3}%" : "");

        public override int? GetColumnWidth(RenderOptions options) => 4;
    }
}
