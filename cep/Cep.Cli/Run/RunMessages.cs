using Cep.Cli.Terminal;
using Spectre.Console;

namespace Cep.Cli.Run;

/// <summary>What a run says on standard error while it runs, a line each; from any thread, and above the progress bar if there is one.</summary>
/// <param name="console">Standard error.</param>
/// <param name="style">Its colours.</param>
internal sealed class RunMessages(IAnsiConsole console, TextStyle style)
{
    /// <summary>Something to know.</summary>
    public void Note(string text) => Write("", "", text);

    /// <summary>Something that may be wrong.</summary>
    public void Warning(string text) => Write("warning", style.Yellow("warning"), text);

    /// <summary>Why the run ends.</summary>
    public void Error(string text) => Write("error", style.Red("error"), text);

    private void Write(string label, string painted, string text)
    {
        var colon = label.Length > 0 ? ": " : "";
        // A progress bar is drawn by the console, which makes room for what is written through it; where there is none, lines are not to be broken.
        if (Console.IsErrorRedirected)
            Console.Error.WriteLine(painted + colon + text);
        else
            console.MarkupLine($"[bold {(label == "error" ? "red" : "yellow")}]{label}[/]{colon}{Markup.Escape(text)}");
    }
}
