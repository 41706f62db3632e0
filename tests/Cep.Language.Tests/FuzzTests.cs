using System.Text;
using Cep.Language.Formatting;
using Cep.Language.Text;

namespace Cep.Language.Tests;

/// <summary>Whatever the bytes of a rule file, compiling it ends with a rule set or with errors, and never throws.</summary>
public class FuzzTests
{
    private const int Mutations = 10_000;

    private static readonly string[] Fragments =
    [
        "{", "}", "(", ")", "[", "]", "->", "->>", "=>", "|", "?", "*", "+", "{3,}", "{,2}", ",", ":", ".", "@", "not ", "in ", "in 5s ", "any ",
            "until (", "where ", "within ", "within 5m ",
        "skip to first ", "match ", "from ", "emit alert {", "rule r {", "stream s {", "list l of", "test r \"x\" {", "if ", "then ", "else ",
            "and ", "or ", "is null", "between ", "=", "==", "<", "&&",
        "\"", "'", "`", "/*", "//", "\\", "1h30", "99999999999999999999", "1e999", "null", "\0", "\uFEFF", "é", "😀", "\n", "sum(", "last(", "a[",
            "a.", "-", "!", "%",
        "list l of string = (", "list l of cidr = (\"10.0.0.0/8\")", "list l of int from \"a\"", "in @", "not in @blocked ", "unless ", "unless logins where ",
    ];

    [Fact]
    public void Ten_thousand_mutations_never_throw()
    {
        var random = new Random(42);
        var right = RightTexts();
        var wrong = Directory.GetFiles(Compiled.DiagnosticsFolder, "*.cep").Order(StringComparer.Ordinal)
            .Select(f => new Original(File.ReadAllBytes(f), [Compiled.Streams])).ToList();
        var outcomes = new int[2];
        for (var i = 0; i < Mutations; i++)
        {
            var originals = i % 2 == 0 ? right : wrong;
            var original = originals[random.Next(originals.Count)];
            var mutant = Mutate(original.Bytes, random);
            var source = SourceText.FromUtf8("fuzz.cep", mutant);
            var compilation = RuleCompiler.Compile([source, .. original.Others], Repository.ReadSampleList);
            if (RuleFormatter.Format(source).Text is { } formatted)
                Assert.Equal(formatted, RuleFormatter.Format(new SourceText("fuzz.cep", formatted)).Text);
            foreach (var diagnostic in compilation.Diagnostics) Assert.NotEqual("", diagnostic.Render());
            Assert.True(compilation.RuleSet is not null || compilation.Diagnostics.Count > 0, "Neither a rule set nor a diagnostic.");
            outcomes[compilation.RuleSet is null ? 0 : 1]++;
        }
        // Both outcomes must occur, or the mutations are too wild or too tame to test anything.
        Assert.All(outcomes, o => Assert.InRange(o, Mutations / 100, Mutations));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("(-")]
    [InlineData("not ")]
    [InlineData("- ")]
    [InlineData("if ")]
    [InlineData("abs(")]
    [InlineData("1 + ")]
    [InlineData("a[")]
    [InlineData("amount == ")]
    [InlineData("amount is null and (")]
    [InlineData("amount in (")]
    [InlineData("!")]
    [InlineData(".")]
    [InlineData("if approved then 1 else ")]
    [InlineData("x between ")]
    [InlineData("1 and ")]
    public void A_hundred_thousand_repetitions_in_a_condition_end_in_errors(string repeated) =>
        CheckRefused($"rule r {{ from auths key card_id match a: auths where {Repeat(repeated)} within 5m }}");

    [Theory]
    [InlineData("(")]
    [InlineData("( a: auths -> ")]
    [InlineData("not (")]
    [InlineData("-> ")]
    [InlineData("a")]
    [InlineData("a: auths -> ")]
    [InlineData("a? ")]
    [InlineData("a{3} until (")]
    [InlineData("a: auths | ")]
    [InlineData("within 5m ")]
    [InlineData(")")]
    public void A_hundred_thousand_repetitions_in_a_pattern_end_in_errors(string repeated) =>
        CheckRefused($"rule r {{ from auths key card_id match {Repeat(repeated)} within 5m }}");

    [Theory]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("rule r {")]
    [InlineData("stream s {\n")]
    [InlineData("/*")]
    [InlineData("\"")]
    [InlineData("@")]
    [InlineData("\0")]
    [InlineData("list l of ")]
    [InlineData("list l of string = (")]
    [InlineData("list l of string = (\"a\", ")]
    [InlineData("list l of int = (1) ")]
    [InlineData("rule r { unless ")]
    [InlineData("test r \"x\" {\n")]
    [InlineData("test r \"x\" { at 0s s { a: ")]
    public void A_hundred_thousand_repetitions_in_a_file_end_in_errors(string repeated) => CheckRefused(Repeat(repeated));

    [Theory]
    [InlineData("test r \"x\" {\n}\n")]
    [InlineData("test r \"x\" {\n at 0s auths {}\n expect none\n}\n")]
    [InlineData("test r \"x\" {\n at 0s auths { amount: 1, amount: ( }\n expect alert { amount: 2 }\n}\n")]
    public void Ten_thousand_tests_of_a_rule_end_in_errors(string repeated) => CheckRefused(
        "rule r { from auths key card_id match a: auths where amount > 5 within 5m }\n" + new StringBuilder().Insert(0, repeated, 10_000));

    [Fact]
    public void Half_of_a_character_is_an_error() => CheckRefused("rule `a\uD83D` { from auths match \uDE00: auths within 5m title \"\uD83D\" }");

    private static string Repeat(string text) => new StringBuilder().Insert(0, text, 100_000).ToString();

    private static void CheckRefused(string text)
    {
        var compilation = RuleCompiler.Compile([Compiled.Streams, new SourceText("fuzz.cep", text)]);
        Assert.Null(compilation.RuleSet);
        Assert.NotEqual("", RuleFormatter.Format(new SourceText("fuzz.cep", text)).Text);
        // One cause is not told a hundred thousand times over.
        foreach (var diagnostic in compilation.Diagnostics.Take(100)) Assert.NotEqual("", diagnostic.Render());
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var count = random.Next(1, 5); count > 0; count--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = Math.Min(random.Next(1, 30), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0 when at < bytes.Count: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1 when at < bytes.Count: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 4: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Fragments[random.Next(Fragments.Length)])); break;
                case 5 when random.Next(4) == 0: bytes.RemoveRange(at, bytes.Count - at); break;
                default: bytes.InsertRange(at, Encoding.UTF8.GetBytes(" " + Fragments[random.Next(Fragments.Length)])); break;
            }
        }
        return [.. bytes];
    }

    /// <summary>A file to be mutated, and the other files of its set.</summary>
    private sealed record Original(byte[] Bytes, IReadOnlyList<SourceText> Others);

    /// <summary>The sample rules of the repository, each with the rest of its folder, and one text that has a bit of everything.</summary>
    private static List<Original> RightTexts()
    {
        var originals = new List<Original> { new(Encoding.UTF8.GetBytes(BitOfEverything), []) };
        foreach (var folder in Directory.GetDirectories(Path.Combine(Repository.Root, "sample-rules")).Order(StringComparer.Ordinal))
        {
            var files = Directory.GetFiles(folder, "*.cep").Order(StringComparer.Ordinal).Select(f => SourceText.FromUtf8(f, File.ReadAllBytes(f)))
                .ToList();
            var set = RuleCompiler.Compile(files, Repository.ReadSampleList);
            Assert.True(set.RuleSet is not null, string.Join("\n", set.Diagnostics.Select(d => d.Render())));
            originals.AddRange(files.Select(f => new Original(Encoding.UTF8.GetBytes(f.Text), files.Where(other => other != f).ToList())));
        }
        return originals;
    }

    internal const string BitOfEverything = """
        stream logins {
            user    string
            src_ip  string
            ok      bool
            at      timestamp   // when the server saw it
            watermark for at delay 10s idle after 1m
        }

        list blocked of cidr = ("10.0.0.0/8", "2001:db8::/32")
        list known of string = ("root", "admin")
        list odd of decimal = (1, -2.5)

        rule brute_force {
            title    "Failures, then a success"
            severity high
            tags     security, "mitre:T1110"
            from     logins key (user, src_ip) where src_ip not like "10.%" and src_ip not in @blocked
            match    fail{5,}: logins where not ok
                     -> ( retry: logins where not ok -> not lock: logins where user is null )?
                     => success in 5m: logins where ok and at - first(fail.at) < 10m and count(fail) > 2 * 2
                     within 10m skip to last success
            unless   logins where user in @known and not (1 in @odd)
            unless   logins where user is null
            emit     alert { failures = count(fail), took = success.at - first(fail.at), who = key(), until = deadline() }
        }
        """;
}
