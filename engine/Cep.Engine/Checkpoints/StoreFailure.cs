namespace Cep.Engine.Checkpoints;

/// <summary>What a disk said, as a sentence that says what to do.</summary>
internal static class StoreFailure
{
    // The system's number for a full disk, as .NET passes it on: ENOSPC, EDQUOT; ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL.
    private static readonly int[] NoSpace = OperatingSystem.IsWindows() ? [unchecked((int)0x80070027), unchecked((int)0x80070070)] : [28, OperatingSystem.IsLinux() ? 122 : 69];

    public static bool IsNoSpace(Exception e) => e is IOException && NoSpace.Contains(e.HResult);

    public static CheckpointStoreException Of(string what, Exception e) => new(Sentence(what, e), e);

    /// <summary>What could not be done, and why.</summary>
    public static string Sentence(string what, Exception e) => e switch
    {
        UnauthorizedAccessException => $"{what}: there is no permission to.",
        _ when IsNoSpace(e) => $"{what}: there is no space left on the disk.",
        _ => $"{what}: {e.Message}",
    };
}
