using System.Globalization;
using Cep.Cli.State;
using Cep.Language.Text;
using Cep.Streaming;
using Cep.Streaming.Jobs;
using Cep.Streaming.Swaps;

namespace Cep.Cli.Run;

/// <summary>
/// While a run lasts: says what other rules than those of its checkpoint mean for it, puts edited rules in the place of those that run, and says what that means.
/// Rules that cannot be put there change nothing.
/// </summary>
internal sealed class RuleWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly RuleFolder? _folder;
    private readonly RuleJob _job;
    private readonly SwapPolicy _policy;
    private readonly RunMessages _messages;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _watching;
    private bool _hasToldBeginning;

    /// <summary>Watches from now on.</summary>
    /// <param name="folder">The rules; null where edits do not count.</param>
    /// <param name="job">What runs them.</param>
    /// <param name="policy">What becomes of the partial matches of rules that change.</param>
    /// <param name="messages">Takes what happens.</param>
    public RuleWatch(RuleFolder? folder, RuleJob job, SwapPolicy policy, RunMessages messages)
    {
        (_folder, _job, _policy, _messages) = (folder, job, policy, messages);
        _watching = WatchAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended.Cancel();
        _watching.Wait();
        TellBeginning();
        _ended.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        while (await NextAsync(timer).ConfigureAwait(false))
        {
            TellBeginning();
            if (_folder is null)
                continue;
            var files = _folder.Look(out var problem);
            if (problem is not null)
                _messages.Warning($"the rules cannot be read, and those that run go on: {problem}");
            if (files is not null)
                await SwapAsync(files).ConfigureAwait(false);
        }
    }

    /// <returns>False when the run has ended.</returns>
    private async Task<bool> NextAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task SwapAsync(IReadOnlyList<SourceText> files)
    {
        try
        {
            if (RuleFiles.Compile(files) is not { } set)
            {
                _messages.Warning("the rules have errors, and those that run go on");
                return;
            }
            var next = PatternSet.Compile(set);
            var plan = _job.PlanSwap(next, _policy);
            if (plan is { IsPossible: true, ChangesAnything: false })
            {
                _messages.Note("The rule files have changed, and the rules have not.");
                return;
            }
            // The job may still refuse: it may run other rules by then.
            if (plan.IsPossible)
                plan = await _job.SwapAsync(next, _policy, StoredRules.Of(files)).ConfigureAwait(false);
            if (plan.IsPossible)
                Tell(plan);
            else
                _messages.Warning($"the rules cannot be put in the place of those that run, which go on: {string.Join(' ', plan.Lines)}");
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException)
        {
            if (!_ended.IsCancellationRequested)
                _messages.Warning($"the rules could not be put in the place of those that run, which go on: {e.Message}");
        }
    }

    private void TellBeginning()
    {
        if (_hasToldBeginning || _job.BegunWith is not { ChangesAnything: true } plan)
            return;
        _hasToldBeginning = true;
        Tell(plan);
    }

    private void Tell(SwapPlan plan)
    {
        // Before the first event and at the end of the input there is no time to name.
        var at = plan.WatermarkMs is { } ms && ms > DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && ms < DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? $" after {DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)}" : "";
        _messages.Note($"New rules for events{at}:\n{string.Join('\n', plan.Lines.Select(l => "  " + l))}");
    }
}
