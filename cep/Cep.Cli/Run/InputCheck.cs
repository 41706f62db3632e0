using Cep.Cli.State;

namespace Cep.Cli.Run;

/// <summary>Says whether the inputs of a run are those of the checkpoint that it goes on from.</summary>
/// <param name="checkpoint">What the checkpoint is called.</param>
/// <param name="stored">How far they were read.</param>
internal sealed class InputCheck(string checkpoint, StoredInputs stored)
{
    /// <summary>Why inputs cannot be used with checkpoints at all, a whole sentence each.</summary>
    public static IEnumerable<string> NotRepeatable(IReadOnlyList<ResolvedInput> inputs)
    {
        foreach (var input in inputs.Where(i => IsPipe(i.Path)))
        {
            yield return $"{(input.Path == InputArgument.StandardInput ? "Standard input, `-`," : $"`{input.Path}`")} cannot be read a second time, "
                + "and after a crash a run with --checkpoint reads on from the middle of its input: write it to a file first.";
        }
        foreach (var path in inputs.GroupBy(i => i.Path).Where(g => g.Count() > 1).Select(g => g.Key))
            yield return $"`{path}` is given twice; with --checkpoint an input is known by its name, so each can be given once.";
    }

    /// <summary>Why the run cannot go on over these inputs, a whole sentence each.</summary>
    public IEnumerable<string> Problems(IReadOnlyList<ResolvedInput> inputs)
    {
        foreach (var input in stored.Inputs.Where(s => inputs.All(i => i.Path != s.Name)))
            yield return $"`{input.Name}` is not among the inputs, but {checkpoint} was taken of it: give the inputs as they were given then, or another folder to --checkpoint to begin anew.";
        foreach (var (input, bytes) in Known(inputs).Where(i => i.Bytes < i.Input.Offset))
            yield return $"`{input.Name}` has {CheckpointWords.Count(bytes, "byte")}, but {input.Offset:N0} of it were read when {checkpoint} was taken: it was cut or replaced since.";
    }

    /// <summary>What a run over these inputs leaves out or adds, a sentence each.</summary>
    public IEnumerable<string> Warnings(IReadOnlyList<ResolvedInput> inputs)
    {
        foreach (var (input, bytes) in Known(inputs).Where(i => i.Input.IsEnded && i.Bytes > i.Input.Offset))
            yield return $"`{input.Name}` was read to its end, and has grown by {CheckpointWords.Count(bytes - input.Offset, "byte")} since: they are not read. Give what is new as a file of its own.";
        foreach (var input in inputs.Where(i => stored.Inputs.All(s => s.Name != i.Path)))
            yield return $"`{input.Path}` is new: {checkpoint} was taken without it. It is read from its beginning, and what is behind the others' time is late.";
    }

    private static bool IsPipe(string path) => path == InputArgument.StandardInput || path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal);

    /// <summary>The inputs whose bytes count as they lie on the disk.</summary>
    private IEnumerable<(StoredInput Input, long Bytes)> Known(IReadOnlyList<ResolvedInput> inputs) =>
        stored.Inputs.Where(s => inputs.Any(i => i.Path == s.Name) && !IsGzip(s.Name)).Select(s => (s, new FileInfo(s.Name).Length));

    private static bool IsGzip(string path)
    {
        if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            return true;
        using var file = File.OpenRead(path);
        return file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
    }
}
