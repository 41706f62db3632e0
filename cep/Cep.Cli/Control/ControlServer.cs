using System.Net.Sockets;
using System.Text.Json;
using Cep.Cli.Run;
using Cep.Cli.State;
using Cep.Engine.Checkpoints;

namespace Cep.Cli.Control;

/// <summary>What can be asked of a run from outside.</summary>
/// <param name="Savepoint">Takes a savepoint into a store.</param>
/// <param name="Stop">Ends the run as a signal does; does not wait.</param>
internal sealed record ControlledRun(Func<CheckpointStore, Task<Manifest>> Savepoint, Action Stop);

/// <summary>Listens for <c>cep savepoint</c> and <c>cep stop</c> while a run lasts.</summary>
internal sealed class ControlServer : IDisposable
{
    private static readonly TimeSpan LastReplies = TimeSpan.FromSeconds(10);

    private readonly ControlledRun _run;
    private readonly CheckpointStore _checkpoints;
    private readonly string _path;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource<Manifest?> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _listening;

    private ControlServer(ControlledRun run, CheckpointStore checkpoints, string path, Socket socket)
    {
        (_run, _checkpoints, _path, _socket) = (run, checkpoints, path, socket);
        _listening = ListenAsync();
    }

    /// <summary>Listens from now on; where the system does not let it, the run goes on without, and says so.</summary>
    /// <param name="folder">The checkpoint folder.</param>
    /// <param name="run">What is asked.</param>
    /// <param name="messages">Takes the warning.</param>
    public static ControlServer? Start(string folder, ControlledRun run, RunMessages messages)
    {
        var path = ControlSocket.PathOf(folder);
        try
        {
            return new ControlServer(run, FolderCheckpointStore.OpenReadOnly(folder), path, ControlSocket.Listen(path));
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            messages.Warning($"`cep savepoint` and `cep stop` cannot reach this run: the socket {path} cannot be made: {e.Message}");
            return null;
        }
    }

    /// <summary>The run has ended without a failure.</summary>
    /// <param name="last">The checkpoint that it was stopped at; null when it came to the end of its input.</param>
    public void Ended(Manifest? last) => _end.TrySetResult(last);

    /// <summary>Sends the last replies, then listens no more.</summary>
    public void Dispose()
    {
        _end.TrySetException(new InvalidOperationException("The run has failed; it says why."));
        _ = _end.Task.Exception;
        _ended.Cancel();
        _listening.Wait(LastReplies);
        _socket.Dispose();
        File.Delete(_path);
        _ended.Dispose();
        _checkpoints.Dispose();
    }

    private async Task ListenAsync()
    {
        var replies = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _socket.AcceptAsync(_ended.Token).ConfigureAwait(false);
                replies.RemoveAll(r => r.IsCompleted);
                replies.Add(ReplyAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The run has ended.
        }
        await Task.WhenAll(replies).ConfigureAwait(false);
    }

    private async Task ReplyAsync(Socket client)
    {
        try
        {
            using var stream = new NetworkStream(client, ownsSocket: true);
            var request = ControlJson.Request(await ControlLine.ReadAsync(stream, _ended.Token).ConfigureAwait(false));
            var reply = request is null ? new ControlReply("This is no request that the run understands; is it of another version?") : await DoAsync(request).ConfigureAwait(false);
            await ControlLine.WriteAsync(stream, JsonSerializer.Serialize(reply, ControlJson.Default.ControlReply)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Whoever asked does not wait for the answer.
        }
    }

    private async Task<ControlReply> DoAsync(ControlRequest request)
    {
        TakenSnapshot? savepoint = null;
        try
        {
            if (request.Savepoint is { } folder)
                savepoint = await SavepointAsync(folder, request.Stop).ConfigureAwait(false);
            if (!request.Stop)
                return new ControlReply(null, savepoint);
            _run.Stop();
            var last = await _end.Task.ConfigureAwait(false);
            return new ControlReply(null, savepoint, last is null ? null : Taken(_checkpoints, last));
        }
        catch (Exception e) when (e is CheckpointStoreException or CorruptSnapshotException or InvalidOperationException)
        {
            return new ControlReply(e.Message, savepoint);
        }
    }

    private async Task<TakenSnapshot> SavepointAsync(string folder, bool thenStop)
    {
        using var store = Savepoint.Create(folder);
        var taking = _run.Savepoint(store);
        // Asked for first, and then nothing more is read: the savepoint stands where the run stops.
        if (thenStop)
            _run.Stop();
        return Taken(store, await taking.ConfigureAwait(false));
    }

    private static TakenSnapshot Taken(CheckpointStore store, Manifest manifest)
    {
        var inputs = StoredInputs.Read(store, manifest);
        return new TakenSnapshot(manifest.CheckpointId, manifest.CreatedMs, manifest.Bytes, inputs.Events);
    }
}
