using System.Globalization;
using Cep.Engine.Keys;

namespace Cep.Engine.Checkpoints;

/// <summary>What the objects of checkpoints and savepoints are called. A name of a checkpoint has its number, which is given once, so it is never written twice.</summary>
internal static class CheckpointNames
{
    /// <summary>The manifest of a savepoint.</summary>
    public const string SavepointManifest = "manifest.json";

    /// <summary>Says which checkpoint was completed last.</summary>
    public const string Latest = "latest";

    private const string Folder = "chk-";
    private const int SlugLength = 40;

    /// <summary>The manifest of a checkpoint.</summary>
    public static string ManifestOf(long checkpointId) => string.Create(CultureInfo.InvariantCulture, $"{Folder}{checkpointId}/{SavepointManifest}");

    /// <summary>What a subtask wrote for a checkpoint.</summary>
    public static string SegmentOf(long checkpointId, string uid, int subtask) =>
        string.Create(CultureInfo.InvariantCulture, $"{Folder}{checkpointId}/{File(uid, subtask)}");

    /// <summary>What a subtask wrote for a savepoint.</summary>
    public static string SavepointSegmentOf(string uid, int subtask) => $"segments/{File(uid, subtask)}";

    /// <summary>The number of the checkpoint that a name belongs to; 0 when it is no name of a checkpoint.</summary>
    public static long IdOf(string name)
    {
        int end = name.IndexOf('/');
        if (end < 0 || !name.StartsWith(Folder, StringComparison.Ordinal)) return 0;
        ReadOnlySpan<char> digits = name.AsSpan(Folder.Length, end - Folder.Length);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long id) ? id : 0;
    }

    /// <summary>Whether it is the name of a checkpoint's manifest.</summary>
    public static bool IsManifest(string name) => IdOf(name) is > 0 and var id && name == ManifestOf(id);

    /// <summary>A uid may hold anything: what can stand in a name is kept for people, the hash tells uids apart.</summary>
    private static string File(string uid, int subtask)
    {
        string slug = string.Concat(uid.Take(SlugLength).Select(c => char.IsAsciiLetterOrDigit(c) || c == '-' ? c : '_'));
        return string.Create(CultureInfo.InvariantCulture, $"{slug}-{StableHash.Of(uid):x16}.{subtask}.seg");
    }
}
