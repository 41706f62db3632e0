namespace Cep.Cli.Terminal;

/// <summary>How wide a text may be.</summary>
internal static class TerminalWidth
{
    private const int OfFiles = 100;

    /// <summary>The columns of standard output: of the terminal, or 100 where it is none.</summary>
    public static int OfOutput => Console.IsOutputRedirected || Console.WindowWidth <= 0 ? OfFiles : Console.WindowWidth;
}
