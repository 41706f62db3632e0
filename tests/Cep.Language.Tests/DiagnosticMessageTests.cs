using Cep.Language.Text;

namespace Cep.Language.Tests;

/// <summary>Each wrong text in the folder Diagnostics has its whole expected output beside it.</summary>
public class DiagnosticMessageTests
{
    public static TheoryData<string> Names =>
        new(Directory.GetFiles(Compiled.DiagnosticsFolder, "*.cep").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrong_text_is_answered_with_every_message_whole(string name)
    {
        var path = Path.Combine(Compiled.DiagnosticsFolder, name);
        var expected = File.ReadAllText(path + ".expected");
        var messages = Compiled.Messages(SourceText.FromUtf8(name + ".cep", File.ReadAllBytes(path + ".cep")));
        Assert.Equal(expected, messages);
        Assert.NotEqual("", expected);
    }

    [Fact]
    public void There_are_at_least_sixty_wrong_texts() =>
        Assert.InRange(Directory.GetFiles(Compiled.DiagnosticsFolder, "*.cep").Length, 60, int.MaxValue);

    [Fact]
    public void Bytes_that_are_not_utf8_are_reported_once_a_line()
    {
        byte[] bytes = [.. "rule r {\n    title \""u8, 0xE9, 0x20, 0xE9, .. "\"\n    from auths key card_id\n    match a: auths within 5m\n}\n"u8];
        Assert.Equal(
            "latin1.cep:2:12: error CEP0101: There are bytes here that are not UTF-8; a rule file is UTF-8 text.\n" +
            "    2 |     title \"� �\"\n" +
            "      |            ^\n",
            Compiled.Messages(SourceText.FromUtf8("latin1.cep", bytes)));
    }

    [Fact]
    public void Errors_of_all_files_are_reported_in_the_order_of_the_files()
    {
        var compilation = RuleCompiler.Compile(
        [
            new SourceText("b.cep", "rule r { from nowhere match a: nowhere within 5m }"),
            Compiled.Streams,
            new SourceText("a.cep", "rule r { from auths match a: auths where amout > 2 within 5m }"),
        ]);
        Assert.Null(compilation.RuleSet);
        Assert.Equal(
        [
            "b.cep:1:15: error CEP0202: There is no stream `nowhere`.",
            "a.cep:1:6: error CEP0201: There is a rule `r` already, at b.cep:1; names of rules are unique over all files of the set.",
            "a.cep:1:42: error CEP0204: There is no field `amout` on stream `auths`.",
        ], compilation.Diagnostics.Select(d => d.ToString()));
    }

    [Fact]
    public void A_warning_alone_does_not_keep_the_set_from_running()
    {
        var compilation = RuleCompiler.Compile([Compiled.Streams,
            new SourceText("w.cep", "rule r { from auths key card_id match a: auths -> b+: auths within 5m }")]);
        Assert.Equal("CEP0403", Assert.Single(compilation.Diagnostics).Code);
        Assert.Single(compilation.RuleSet!.Rules);
    }
}
