using Cep.Language.Formatting;
using Cep.Patterns;

namespace Cep.Language.Tests.Formatting;

/// <summary>Patterns of the model for which rule text has no words.</summary>
public class PatternWriterTests
{
    private static readonly Pattern Sound = Compiled.Match("a: auths -> b{2,3}: auths within 10m").Pattern;

    public static TheoryData<Pattern, string> Unsayable => new()
    {
        { Sound with { GapMs = 5 }, "Rule text bounds the whole match or the time between its events, not both." },
        { Sound with { Skip = new AfterMatchSkip(SkipKind.ToFirst, "a", FailsOnMiss: true) }, "Rule text has no skip that is an error where its step took nothing." },
        { With(b => b with { Stream = null }), "The step `b` takes events of any stream, and a step of rule text names its stream." },
        { With(b => b with { Name = "b`" }), "`b`` cannot be written as a name of rule text." },
        { With(b => b with { GapMs = 5 }), "The window of the loop `b` is between its rounds in rule text, not before it." },
        { With(b => b with { Quantifier = b.Quantifier with { IsOptional = true } }), "Rule text has no greedy loop of at least two that may be left out, as `b` is." },
        { With(b => b with { Name = "" }), "A step needs a name." },
    };

    [Theory]
    [MemberData(nameof(Unsayable))]
    public void What_has_no_words_is_told(Pattern pattern, string reason)
    {
        Assert.Equal(reason, Assert.Single(PatternWriter.Check(pattern)).Reason);
        Assert.StartsWith(reason, Assert.Throws<ArgumentException>(() => PatternWriter.Write(pattern)).Message, StringComparison.Ordinal);
    }

    private static Pattern With(Func<EventStep, EventStep> change) => Sound with { Steps = [Sound.Steps[0], change((EventStep)Sound.Steps[1])] };
}
