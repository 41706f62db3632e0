namespace Cep.Cli.Tests.Kill;

/// <summary>A moment in the life of a run with checkpoints.</summary>
internal enum RunMoment
{
    /// <summary>Some time after its start; its files do not tell it.</summary>
    AnyTime,

    /// <summary>A part of a checkpoint, its manifest or the mark of the last one is being written.</summary>
    WhileWriting,

    /// <summary>A checkpoint has become complete, and what it holds is to be committed.</summary>
    WhenComplete,

    /// <summary>An output grows: a commit is under way.</summary>
    WhileCommitting,

    /// <summary>An output is being staged.</summary>
    WhileStaging,
}

/// <summary>Does something, once, in a moment of a run that its files tell.</summary>
internal sealed class RunWatch : IDisposable
{
    private readonly FileSystemWatcher _watcher;
    private readonly RunMoment _moment;
    private readonly Action _act;
    private int _left;

    /// <param name="folder">Holds the outputs and the checkpoint folder of the run.</param>
    /// <param name="moment">The moment.</param>
    /// <param name="count">At which of the moments that come, from 1.</param>
    /// <param name="act">What is done, on another thread.</param>
    public RunWatch(string folder, RunMoment moment, int count, Action act)
    {
        (_moment, _left, _act) = (moment, count, act);
        _watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName | NotifyFilters.Size | NotifyFilters.LastWrite };
        _watcher.Created += (_, e) => Saw(e);
        _watcher.Changed += (_, e) => Saw(e);
        _watcher.Renamed += (_, e) => Saw(e);
        _watcher.EnableRaisingEvents = moment != RunMoment.AnyTime;
    }

    public void Dispose() => _watcher.Dispose();

    private void Saw(FileSystemEventArgs e)
    {
        var name = e.Name ?? "";
        var isIt = _moment switch
        {
            RunMoment.WhileWriting => e.ChangeType == WatcherChangeTypes.Created && name.Contains("/.writing/", StringComparison.Ordinal),
            RunMoment.WhenComplete => name.EndsWith("/latest", StringComparison.Ordinal),
            RunMoment.WhileCommitting => e.ChangeType == WatcherChangeTypes.Changed && !name.Contains('/') && !name.EndsWith(".staged", StringComparison.Ordinal),
            RunMoment.WhileStaging => e.ChangeType == WatcherChangeTypes.Changed && name.EndsWith(".staged", StringComparison.Ordinal),
            _ => false,
        };
        if (isIt && Interlocked.Decrement(ref _left) == 0)
            _act();
    }
}
