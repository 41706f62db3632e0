using System.CommandLine;
using Cep.Cli.Terminal;
using Cep.Engine.Checkpoints;
using Cep.Language.Text;
using Cep.Rules;
using Cep.Streaming;
using Cep.Streaming.Keys;

namespace Cep.Cli.State;

/// <summary><c>cep state show</c>: what lies in a checkpoint or savepoint.</summary>
internal static class StateCommand
{
    private static readonly Help ShowHelp = new(
        """
        PATH is a savepoint, or a checkpoint folder, of which the newest checkpoint
        that is whole is shown; a run may be using it meanwhile. Every byte is
        verified.

        The page says how far each input was read, and what each operator remembers:
        its states with their entries and bytes. With --operator it shows entries too.

        With --rule it shows the partial matches of a rule by key: what each has
        taken, since when, what it waits for and until when. The rules are those that
        ran when the checkpoint was taken; they are kept in it.
        """,
        [
            ("cep state show state/", "where does the run stand?"),
            ("cep state show savepoints/monday --operator rules", "what do the rules remember?"),
            ("cep state show state/ --rule card_testing --key c-0155", "how far has the rule come for this card?"),
        ],
        [
            (ExitCode.Ok, "told"),
            (ExitCode.WrongUsage, "wrong usage, or there is no checkpoint and no savepoint"),
            (ExitCode.RunFailed, "it is damaged, or cannot be read"),
        ]);

    public static Command Create() => new("state", "Shows what runs remember.") { CreateShow() };

    private static Command CreateShow()
    {
        var path = new Argument<string>("PATH") { Description = "A savepoint, or a checkpoint folder." };
        var uid = new Option<string?>("--operator") { HelpName = "UID", Description = "Shows this operator alone, with its entries." };
        var rule = new Option<string?>("--rule") { HelpName = "NAME", Description = "Shows the partial matches of this rule." };
        var key = new Option<string?>("--key") { HelpName = "KEY", Description = "With --rule: shows those of this key alone." };
        var command = new DocumentedCommand("show", "Shows a checkpoint or savepoint.", ShowHelp) { path, uid, rule, key };
        command.SetAction(result => Show(result.GetRequiredValue(path), result.GetValue(uid), result.GetValue(rule), result.GetValue(key)));
        return command;
    }

    private static int Show(string path, string? uid, string? rule, string? key)
    {
        if (key is not null && rule is null)
            throw new UsageException("--key needs --rule NAME: a key is one of a rule.");
        if (uid is not null && rule is not null)
            throw new UsageException("--operator and --rule are two pages; give one of them.");
        try
        {
            var location = StateLocation.Open(path);
            var page = new StatePage(location, TextStyle.OfOutput);
            Console.Out.Write(rule is not null ? PartialMatches(page, location.Snapshot.Manifest, rule, key)
                : uid is not null ? page.One(Known(uid, location.Snapshot.Manifest)) : page.All(path));
            return ExitCode.Ok;
        }
        catch (Exception e) when (e is CorruptSnapshotException or SnapshotVersionException or CheckpointStoreException or InvalidDataException)
        {
            Console.Error.WriteLine($"{TextStyle.OfError.Red("error")}: {e.Message}");
            return ExitCode.RunFailed;
        }
    }

    private static string PartialMatches(StatePage page, Manifest manifest, string name, string? key)
    {
        var set = StoredRules.Read(manifest) ?? throw new UsageException("No rules are kept with it, so that nobody can tell what its partial matches wait for.");
        var rule = CommandLine.RuleNamed(name, set);
        if (!set.LiveRules.Contains(rule))
            throw new UsageException($"`{name}` was a draft and did not run.");
        if (key is not null && rule.Inputs[0].KeyFields.Count == 0)
            throw new UsageException($"`{name}` has no key: leave out --key.");
        return page.PartialMatches(PatternSet.Compile(set), rule, key is null ? null : Normal(rule, key));
    }

    /// <summary>The key as it is written for output, whichever way the user wrote it.</summary>
    private static string Normal(Rule rule, string key) =>
        KeyText.TryParse(rule.Inputs[0], key, out var values, out var problem) ? KeyText.Of(rule.Inputs[0], values) : throw new UsageException($"--key: {problem}");

    private static string Known(string uid, Manifest manifest)
    {
        var uids = manifest.Operators.Select(o => o.Uid).ToList();
        if (uids.Contains(uid))
            return uid;
        var nearest = EditDistance.Nearest(uid, uids);
        throw new UsageException(nearest is not null ? $"There is no state of an operator `{uid}`; did you mean `{nearest}`?"
            : $"There is no state of an operator `{uid}`; there is that of {string.Join(", ", uids.Select(u => $"`{u}`"))}.");
    }
}
