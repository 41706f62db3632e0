using System.Globalization;
using Cep.Streaming.Jobs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Cep.Cli.Run;

/// <summary>Shows on standard error how far a job is, until it has ended.</summary>
internal static class ProgressBar
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether there is someone to see it: standard error is a terminal, and the matches do not go to the same one.</summary>
    public static bool IsWanted(OutputFiles outputs) => !Console.IsErrorRedirected && (outputs.Matches is not null || Console.IsOutputRedirected);

    /// <summary>Draws until the run ends, however it ends, and then wipes the bar out.</summary>
    public static void Show(IAnsiConsole console, RuleJob job, Task run, TimeProvider clock)
    {
        var started = clock.GetTimestamp();
        console.Progress().AutoClear(true).AutoRefresh(false)
            .Columns(new SpinnerColumn(Spinner.Known.Line), new ProgressBarColumn { Width = 24 }, new ShareColumn(job), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context =>
            {
                var task = context.AddTask("starting", maxValue: 1);
                while (Task.WaitAny([run], Interval) < 0)
                {
                    task.IsIndeterminate = job.Progress.TotalBytes is null;
                    task.Value = Share(job) ?? 0;
                    task.Description = Text(job, clock.GetElapsedTime(started));
                    context.Refresh();
                }
            });
    }

    private static double? Share(RuleJob job) =>
        job.Progress.TotalBytes is { } total ? total == 0 ? 1 : Math.Min(1, (double)job.Progress.BytesRead / total) : null;

    private static string Text(RuleJob job, TimeSpan elapsed)
    {
        var events = job.Progress.Records;
        var matches = job.CountsSoFar().Sum(r => r.Counts.Matches);
        var rate = (long)(events / Math.Max(elapsed.TotalSeconds, 0.001));
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
