namespace Cep.Cli;

/// <summary>The command was called wrongly; nothing has been done. Ends the tool with <see cref="ExitCode.WrongUsage"/>.</summary>
/// <param name="problems">Whole sentences, one for each thing that is wrong; at least one.</param>
internal sealed class UsageException(params IReadOnlyList<string> problems) : Exception(string.Join(' ', problems))
{
    /// <summary>What is wrong.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
