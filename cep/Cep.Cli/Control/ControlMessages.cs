using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cep.Cli.Control;

/// <summary>What is asked of a run.</summary>
/// <param name="Savepoint">The folder of a savepoint to take, a full path; null for none.</param>
/// <param name="Stop">Whether the run is to end, after the savepoint.</param>
internal sealed record ControlRequest(string? Savepoint, bool Stop);

/// <summary>What a run answers once it has done what was asked, or has found that it cannot.</summary>
/// <param name="Problem">Why not, a whole sentence; null when all was done.</param>
/// <param name="Savepoint">The savepoint; null when none was taken.</param>
/// <param name="StoppedAt">The checkpoint that the run ended with; null when it goes on, or had come to its end.</param>
internal sealed record ControlReply(string? Problem, TakenSnapshot? Savepoint = null, TakenSnapshot? StoppedAt = null);

/// <summary>A checkpoint or savepoint that is complete.</summary>
/// <param name="Id">Its number.</param>
/// <param name="CreatedMs">When it was taken, Unix milliseconds.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Events">The events that were read by then.</param>
internal sealed record TakenSnapshot(long Id, long CreatedMs, long Bytes, long Events);

/// <summary>Requests and replies on the wire: each one line of JSON.</summary>
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(ControlReply))]
internal sealed partial class ControlJson : JsonSerializerContext
{
    /// <summary>The longest line that is read: more than the longest path.</summary>
    public const int LineBytesMax = 64 * 1024;

    /// <summary>Reads a request; null when it is none.</summary>
    public static ControlRequest? Request(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, Default.ControlRequest);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
