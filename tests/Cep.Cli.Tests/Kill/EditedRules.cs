namespace Cep.Cli.Tests.Kill;

/// <summary>
/// The fraud rules in a folder of their own, with two more on payments, edited while runs go on: `probe` comes and goes, and what `large` calls large changes.
/// </summary>
internal sealed class EditedRules : IDisposable
{
    private static readonly string[] Versions =
    [
        Large(over: 300),
        Large(over: 300) + Probe,
        Large(over: 500) + Probe,
        Large(over: 500),
    ];

    /// <summary>The window of `large`, the longest.</summary>
    public const long WithinMs = 12 * 3_600_000;

    private readonly ManualResetEventSlim _ended = new();
    private readonly Thread _editing;

    /// <summary>Writes the first version, and edits it every so often once something is there to go on from.</summary>
    /// <param name="folder">Where the rules lie; empty.</param>
    /// <param name="every">From one edit to the next.</param>
    /// <param name="hasBegun">Whether there is.</param>
    public EditedRules(string folder, TimeSpan every, Func<bool> hasBegun)
    {
        Folder = Directory.CreateDirectory(folder).FullName;
        Copy(Repository.Sample("fraud"), Folder, "*.cep");
        Copy(Repository.Sample("fraud", "lists"), Directory.CreateDirectory(Path.Combine(Folder, "lists")).FullName, "*");
        Write(0);
        _editing = new Thread(() => Edit(every, hasBegun)) { IsBackground = true };
        _editing.Start();
    }

    public string Folder { get; }

    /// <summary>The rule `large` with one of its two bounds.</summary>
    public static string Large(int over) => $$"""
        rule large {
            from  auths key card_id where approved
            match first: auths where amount > {{over}} -> second: auths where amount > {{over}} within 12h skip none
        }

        """;

    /// <summary>The rule `probe`.</summary>
    public static string Probe => """
        rule probe {
            from  auths key card_id where approved
            match small: auths where amount < 2 -> big: auths where amount > 100 within 3h skip none
        }

        """;

    public void Dispose()
    {
        _ended.Set();
        _editing.Join();
        _ended.Dispose();
    }

    private static void Copy(string from, string to, string which)
    {
        foreach (var file in Directory.EnumerateFiles(from, which))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private void Edit(TimeSpan every, Func<bool> hasBegun)
    {
        var edits = 0;
        while (!_ended.Wait(every))
        {
            if (hasBegun())
                Write(++edits);
        }
    }

    private void Write(int edits)
    {
        var file = Path.Combine(Folder, "edited.cep");
        File.WriteAllText(file + ".new", Versions[edits % Versions.Length]);
        File.Move(file + ".new", file, overwrite: true);
    }
}
