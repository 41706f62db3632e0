using Cep.Conditions;
using Cep.Language.Formatting;
using Cep.Language.Json;
using Cep.Language.Tests.Formatting;
using Cep.Language.Text;
using Cep.Rules;

namespace Cep.Language.Tests;

/// <summary>Lists of values, in rule files and in files of their own.</summary>
public class ListTests
{
    [Fact]
    public void Values_stand_in_the_type_of_the_list()
    {
        var lists = Set("""
            list flags of bool = (true, false)
            list wholes of int = (1, -2, 1_000)
            list longs of long = (9223372036854775807, -3)
            list ratios of double = (1, -2.5, 1e300)
            list prices of decimal = (1, -2.50)
            list texts of string = ("a", 'b "c"',)
            list nets of cidr = ("10.0.0.0/8", "::1")
            list none of string = ()
            """).Lists;
        Assert.Equal(["flags", "wholes", "longs", "ratios", "prices", "texts", "nets", "none"], lists.Select(l => l.Name));
        Assert.Equal(Enum.GetValues<ListType>().Append(ListType.String).Order(), lists.Select(l => l.Type).Order());
        Assert.Equal<object[]>([[true, false], [1L, -2L, 1000L], [long.MaxValue, -3L], [1.0, -2.5, 1e300], [1m, -2.50m], ["a", "b \"c\""], ["10.0.0.0/8", "::1"], []],
            lists.Select(l => l.Values.ToArray()).ToArray());
    }

    [Theory]
    [InlineData("merchant in @texts")]
    [InlineData("merchant not in @texts")]
    [InlineData("lower(merchant) in @texts and not (id in @texts)", "lower(merchant) in @texts and id not in @texts")]
    [InlineData("tries in @wholes")]
    [InlineData("amount in @wholes")]
    [InlineData("score in @prices")]
    [InlineData("first(l.amount) not in @prices")]
    [InlineData("(if approved then 1 else 2) in @wholes")]
    [InlineData("1 in @wholes")]
    [InlineData("1.5 in @prices")]
    [InlineData("approved == (merchant in @`odd name`)")]
    public void Membership_reads_and_writes_itself(string condition, string? written = null)
    {
        const string Lists = "list texts of string = (\"a\")\nlist wholes of int = (1)\nlist prices of decimal = (1.5)\nlist `odd name` of string = ()\n";
        var rule = Set($"{Lists}rule r {{ from auths key card_id\n match a: auths -> l{{3}}: auths -> c: auths where {condition} within 10m\n}}").Rules[0];
        Assert.Equal(written ?? condition, rule.Pattern.EventSteps.Last().Where!.ToString());
    }

    [Fact]
    public void A_list_may_be_named_before_and_in_another_file_than_it_is_declared()
    {
        var compilation = RuleCompiler.Compile(
        [
            new SourceText("r.cep", "rule r { from auths key card_id where merchant in @trusted match a: auths within 5m }"), Compiled.Streams,
            new SourceText("l.cep", "list trusted of string = (\"a\")"),
        ]);
        Assert.Empty(compilation.Diagnostics);
        Assert.Same(compilation.RuleSet!.Lists[0], ((InListExpr)compilation.RuleSet.Rules[0].Inputs[0].Where!).List);
    }

    [Fact]
    public void A_file_has_a_value_on_each_line_but_for_comments_and_empty_lines()
    {
        var set = Set(Declaration("string"), ("lists/l.txt", "# who is trusted\na b \r\n\n\t# more\n  c#d\r\ne\n"));
        Assert.Equal(["a b", "c#d", "e"], set.Lists[0].Values);
        Assert.Equal([10m, -0.5m], Set(Declaration("decimal"), ("lists/l.txt", "10\n-0.5")).Lists[0].Values);
        Assert.Equal([true], Set(Declaration("bool"), ("lists/l.txt", "true")).Lists[0].Values);
        Assert.Equal(["10.0.0.0/8"], Set(Declaration("cidr"), ("lists/l.txt", "10.0.0.0/8\n")).Lists[0].Values);
        Assert.Empty(Set(Declaration("string"), ("lists/l.txt", "")).Lists[0].Values);
    }

    [Theory]
    [InlineData("int", "1\n2x\n2.5\n", "CEP0702: Line 2 of `lists/l.txt` is `2x`, and that is no int. One more line is wrong too.")]
    [InlineData("int", "1\n3000000000", "CEP0702: Line 2 of `lists/l.txt` is `3000000000`, and that is no int.")]
    [InlineData("bool", "True\nno\nyes", "CEP0702: Line 1 of `lists/l.txt` is `True`, and that is no bool. 2 more lines are wrong too.")]
    [InlineData("cidr", "# ours\n10.1.0.0/8", "CEP0702: Line 2 of `lists/l.txt` is `10.1.0.0/8`, and its address has bits behind the first 8; the block is `10.0.0.0/8`.")]
    [InlineData("cidr", "ours", "CEP0702: Line 1 of `lists/l.txt` is `ours`, and that is no block of addresses such as `10.0.0.0/8` or `2001:db8::/32`.")]
    [InlineData("string", "a\nb\n\na", "CEP0703: Line 4 of `lists/l.txt` is `a`, which line 1 is already; once is enough.")]
    [InlineData("long", "1\n2\n01\n+2\n2", "CEP0703: Line 3 of `lists/l.txt` is `01`, which line 1 is already, and 2 other lines repeat one too; once is enough.")]
    [InlineData("string", "a\n\uFFFE!", "CEP0705: There are bytes on line 2 of `lists/l.txt` that are not UTF-8; a file with a list is UTF-8 text.")]
    [InlineData("string", null, "CEP0705: There is no file `lists/l.txt`, from which the list `l` is to be read.")]
    [InlineData("string", "denied", "CEP0705: The file `lists/l.txt`, from which the list `l` is to be read, cannot be read.")]
    public void What_is_wrong_with_a_file_is_told_where_the_list_names_it(string type, string? text, string expected)
    {
        var compilation = RuleCompiler.Compile([Compiled.Streams, new SourceText("r.cep", Declaration(type))], (_, path) => text switch
        {
            "denied" => throw new UnauthorizedAccessException(),
            null => null,
            _ => SourceText.FromUtf8(path, text.Contains('\uFFFE', StringComparison.Ordinal) ? [(byte)'a', (byte)'\n', 0xFF] : System.Text.Encoding.UTF8.GetBytes(text)),
        });
        var found = Assert.Single(compilation.Diagnostics, d => d.Code != "CEP0704");
        Assert.Equal(expected, $"{found.Code}: {found.Message}");
        Assert.Equal((1, type.Length + 17), (found.Line, found.Column));
        Assert.Equal("\"lists/l.txt\"", found.Source.Slice(found.Span).ToString());
    }

    [Fact]
    public void Where_no_file_can_be_read_a_list_in_one_is_an_error_that_says_so()
    {
        var compilation = RuleCompiler.Compile(new SourceText("r.cep", Declaration("string")));
        Assert.Equal("r.cep:1:23: error CEP0705: The list `l` is in a file, and no files can be read here.", compilation.Diagnostics[0].ToString());
        Assert.Equal("write the values: `list l of string = (…)`", compilation.Diagnostics[0].Help);
    }

    [Fact]
    public void Written_sets_have_their_lists_with_all_values()
    {
        var set = Set("""
            list `odd name` of string from "lists/l.txt"
            list prices of decimal = (1, -2.50, 1e3)
            list nets of cidr = ("10.0.0.0/8")
            list longer of string = ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "ccccccccccccccccccccc")
            rule r { from auths key card_id where merchant in @`odd name` match a: auths where amount in @prices and id in @nets within 5m unless auths where id in @longer }
            """, ("lists/l.txt", "a \"b\"\nc\n"));
        var written = RuleWriter.Write(set);
        Assert.Contains("list `odd name` of string = (\"a \\\"b\\\"\", \"c\")\n\nlist prices of decimal = (1.0, -2.50, 1000.0)\n\nlist nets of cidr = (\"10.0.0.0/8\")\n\nlist longer of string = (\n    \"aaa", written);
        var again = RuleCompiler.Compile(new SourceText("w.cep", written)).RuleSet!;
        Assert.Equal(written, RuleWriter.Write(again));
        Assert.Equal(RuleSetText.Of(set), RuleSetText.Of(again));
    }

    [Fact]
    public void A_rule_that_is_kept_as_text_carries_its_lists()
    {
        var set = Set("""
            list a of string from "lists/l.txt"
            list b of long = (1)
            list c of cidr = ("::/0")
            list d of string = ("unasked")
            list e of string = ("e")
            list f of string = ("f")
            rule r {
                severity high if x.merchant in @e else low
                from     auths key card_id where merchant in @a
                match    x: auths where tries in @b -> y: auths within 5m
                unless   auths where id in @c
                emit     alert { m = x.merchant in @a }
                emit     on timeout alert { m = x.merchant in @f }
            }
            """, ("lists/l.txt", "x\ny\n"));
        var serializer = new RuleTextSerializer();
        var text = serializer.Write(set.Rules[0]);
        var read = serializer.Read(text, set.Streams);
        Assert.Equal(text, serializer.Write(read));
        Assert.Equal(ModelText.Of(set.Rules[0].Inputs[0].Where), ModelText.Of(read.Inputs[0].Where));
        Assert.Equal(["x", "y"], ((InListExpr)read.Inputs[0].Where!).List.Values);
        Assert.Equal(["list a", "list b", "list c", "list e", "list f", "rule r"], text.Split('\n').Where(l => l.StartsWith("list", StringComparison.Ordinal) || l.StartsWith("rule", StringComparison.Ordinal)).Select(l => l[..6]).Order());
        Assert.DoesNotContain("unasked", text);
    }

    [Fact]
    public void Patterns_in_JSON_have_their_lists()
    {
        var set = Set("list a of string = (\"x\")\nlist b of decimal = (1, 2.50)\nrule r { from auths key card_id match x: auths where merchant not in @a -> y{2,} until (amount in @b): auths within 5m }");
        var json = PatternJson.Write(set.Rules[0].Pattern);
        var reading = PatternJson.Read(json, set.Streams.Select(s => s.EventType).ToList());
        Assert.True(reading.Pattern is not null, string.Join("\n", reading.Problems));
        Assert.Equal(json, PatternJson.Write(reading.Pattern!));
        Assert.Equal(ModelText.Of(set.Rules[0].Pattern), ModelText.Of(reading.Pattern!));
    }

    [Theory]
    [InlineData("""[{"name":"a","type":"int","values":["1","x"]}]""", "$.lists[0].values[1]: The value is `x`, and that is no int.")]
    [InlineData("""[{"name":"a","type":"text","values":[]}]""", "$.lists[0].type: Expected one of `bool`, `int`, `long`, `double`, `decimal`, `string`, `cidr`, but found `text`.")]
    [InlineData("""[{"name":"a","type":"int","values":[1]}]""", "$.lists[0].values[0]: Expected a text: a value of the list, but found `1`.")]
    [InlineData("""[{"name":"a","type":"int","values":[]},{"name":"a","type":"int","values":[]}]""", "$.lists[1]: There is a list `a` already; names of lists are unique.")]
    [InlineData("""{}""", "$.lists: Expected an array: the lists that conditions name, but found an object.")]
    public void What_is_wrong_with_lists_in_JSON_is_told_at_its_path(string lists, string expected)
    {
        var reading = PatternJson.Read($$"""{"version":1,"lists":{{lists}},"steps":[{"name":"a"}],"withinMs":5}""", []);
        Assert.Equal(expected, Assert.Single(reading.Problems.Select(p => $"{p.Path}: {p.Reason}")));
    }

    [Fact]
    public void Files_of_lists_are_named_and_written_out()
    {
        var rules = new SourceText("r.cep", """
            // ours
            list a of string from "a.txt" // the first
            list b of int from "sub/b.txt"
            list c of string from "../c.txt"
            list d of string = ("d")
            list e of int from "a.txt"
            rule r { from s match x: s within 5m }
            """);
        Assert.Equal(["a.txt", "sub/b.txt"], ListFiles.NamedBy(rules));
        var written = ListFiles.WrittenOut(rules, (_, path) => new SourceText(path, path == "a.txt" ? "x\ny" : "1"));
        Assert.Equal(rules.Text.Replace("from \"sub/b.txt\"", "= (1)", StringComparison.Ordinal).Replace("string from \"a.txt\"", "string = (\"x\", \"y\")", StringComparison.Ordinal), written.Text);
    }

    private static string Declaration(string type) => $"list l of {type} from \"lists/l.txt\"\n";

    private static RuleSet Set(string text, params (string Path, string Text)[] files)
    {
        var compilation = RuleCompiler.Compile([Compiled.Streams, new SourceText("test.cep", text)],
            (rules, path) => rules.Path == "test.cep" && files.FirstOrDefault(f => f.Path == path) is { Text: { } found } ? new SourceText(path, found) : null);
        Assert.True(compilation.RuleSet is not null, string.Join("\n", compilation.Diagnostics.Select(d => d.Render())));
        return compilation.RuleSet!;
    }
}
