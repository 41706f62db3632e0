namespace Cep.Cli.Terminal;

/// <summary>Colours for one of the standard streams: on a terminal, unless the user has said no.</summary>
/// <param name="hasColour">Whether colour is written; else texts stay as they are.</param>
internal readonly struct TextStyle(bool hasColour)
{
    /// <summary>The style of standard output.</summary>
    public static TextStyle OfOutput => new(!Console.IsOutputRedirected && IsColourWanted);

    /// <summary>The style of standard error.</summary>
    public static TextStyle OfError => new(!Console.IsErrorRedirected && IsColourWanted);

    /// <summary>Whether the environment allows colour: <c>NO_COLOR</c> is empty or unset, and the terminal is none that cannot.</summary>
    public static bool IsColourWanted =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";

    public string Bold(string text) => Paint(text, "1");

    public string Dim(string text) => Paint(text, "2");

    public string Red(string text) => Paint(text, "1;31");

    public string Yellow(string text) => Paint(text, "1;33");

    public string Green(string text) => Paint(text, "32");

    public string Cyan(string text) => Paint(text, "36");

    private string Paint(string text, string code) => hasColour && text.Length > 0 ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
