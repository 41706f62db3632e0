using System.Diagnostics;

namespace Cep.Cli.Tests.Kill;

/// <summary>When a run is killed.</summary>
internal enum KillMoment
{
    /// <summary>Some time after its start.</summary>
    AtAnyTime,

    /// <summary>A part of a checkpoint, its manifest or the mark of the last one is being written.</summary>
    WhileWriting,

    /// <summary>A checkpoint has become complete, and what it holds is to be committed.</summary>
    WhenComplete,

    /// <summary>An output grows: a commit is under way.</summary>
    WhileCommitting,

    /// <summary>An output is being staged.</summary>
    WhileStaging,
}

/// <summary>Kills one process, in a moment that its files tell.</summary>
internal sealed class Killer : IDisposable
{
    private readonly Process _process;
    private readonly FileSystemWatcher _watcher;
    private readonly KillMoment _moment;
    private int _left;

    /// <param name="process">Just started.</param>
    /// <param name="folder">Holds its outputs and its checkpoints.</param>
    /// <param name="moment">When, but for <see cref="KillMoment.AtAnyTime"/>.</param>
    /// <param name="count">The moment is let pass so many times, less one.</param>
    public Killer(Process process, string folder, KillMoment moment, int count)
    {
        (_process, _moment, _left) = (process, moment, count);
        _watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName | NotifyFilters.Size | NotifyFilters.LastWrite };
        _watcher.Created += (_, e) => Saw(e);
        _watcher.Changed += (_, e) => Saw(e);
        _watcher.Renamed += (_, e) => Saw(e);
        _watcher.EnableRaisingEvents = moment != KillMoment.AtAnyTime;
    }

    /// <summary>Whether the process was killed by this, and did not end by itself.</summary>
    public bool HasKilled { get; private set; }

    /// <summary>Sends SIGKILL.</summary>
    public void Kill()
    {
        lock (_process)
        {
            if (_process.HasExited)
                return;
            HasKilled = true;
            _process.Kill();
        }
    }

    public void Dispose() => _watcher.Dispose();

    private void Saw(FileSystemEventArgs e)
    {
        var name = e.Name ?? "";
        var isIt = _moment switch
        {
            KillMoment.WhileWriting => e.ChangeType == WatcherChangeTypes.Created && name.Contains("/.writing/", StringComparison.Ordinal),
            KillMoment.WhenComplete => name.EndsWith("/latest", StringComparison.Ordinal),
            KillMoment.WhileCommitting => e.ChangeType == WatcherChangeTypes.Changed && !name.Contains('/') && !name.EndsWith(".staged", StringComparison.Ordinal),
            KillMoment.WhileStaging => e.ChangeType == WatcherChangeTypes.Changed && name.EndsWith(".staged", StringComparison.Ordinal),
            _ => false,
        };
        if (isIt && Interlocked.Decrement(ref _left) == 0)
            Kill();
    }
}
