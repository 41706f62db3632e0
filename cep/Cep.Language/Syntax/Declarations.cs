using Cep.Language.Text;
using Cep.Patterns;

namespace Cep.Language.Syntax;

/// <summary>Everything one file declares.</summary>
internal sealed record FileSyntax(SourceText Source, IReadOnlyList<StreamSyntax> Streams, IReadOnlyList<RuleSyntax> Rules)
{
    public IReadOnlyList<ListSyntax> Lists { get; init; } = [];

    public IReadOnlyList<TestSyntax> Tests { get; init; } = [];
}

/// <summary><c>stream NAME { fields… watermark for … | processing time }</c></summary>
internal sealed record StreamSyntax(NameSyntax Name, IReadOnlyList<FieldSyntax> Fields, IReadOnlyList<TimeSyntax> Times, TextSpan Span);

/// <summary><c>name type?</c></summary>
internal sealed record FieldSyntax(NameSyntax Name, NameSyntax Type, bool IsOptional);

/// <summary>Where the time of a stream comes from.</summary>
internal abstract record TimeSyntax(TextSpan Span);

/// <summary><c>watermark for FIELD delay DURATION [idle after DURATION]</c></summary>
internal sealed record WatermarkSyntax(NameSyntax Field, DurationSyntax Delay, DurationSyntax? IdleAfter, TextSpan Span) : TimeSyntax(Span);

/// <summary><c>processing time</c></summary>
internal sealed record ProcessingTimeSyntax(TextSpan Span) : TimeSyntax(Span);

/// <summary><c>rule NAME { clauses }</c>; a clause that is absent is null.</summary>
internal sealed record RuleSyntax(NameSyntax Name, TextSpan Span)
{
    public StringSyntax? Title { get; set; }
    public NameSyntax? Severity { get; set; }
    public IReadOnlyList<SeverityCaseSyntax> SeverityCases { get; set; } = [];
    public IReadOnlyList<NameSyntax> Tags { get; set; } = [];
    public StringSyntax? Owner { get; set; }
    public StringSyntax? Runbook { get; set; }
    public NameSyntax? Status { get; set; }
    public FromSyntax? From { get; set; }
    public MatchSyntax? Match { get; set; }
    public EmitSyntax? Emit { get; set; }
    public EmitSyntax? EmitOnTimeout { get; set; }
    public SuppressSyntax? Suppress { get; set; }
    public LimitSyntax? Limit { get; set; }
    public PartialsSyntax? Partials { get; set; }
    public List<UnlessSyntax> Unless { get; } = [];

    /// <summary>Where the word of each clause stands, in the order written.</summary>
    public List<TextSpan> Clauses { get; } = [];
}

/// <summary><c>from STREAM key … where …, …</c></summary>
internal sealed record FromSyntax(IReadOnlyList<InputSyntax> Inputs, TextSpan Span);

/// <summary>One input of a rule.</summary>
/// <param name="Stream">The stream's name.</param>
/// <param name="Key">The key's fields, empty for none.</param>
/// <param name="Where">The filter that runs before contiguity is judged, or null.</param>
internal sealed record InputSyntax(NameSyntax Stream, IReadOnlyList<NameSyntax> Key, ExpressionSyntax? Where);

/// <summary><c>match STEPS within DURATION skip …</c></summary>
internal sealed record MatchSyntax(SequenceSyntax Sequence, WithinSyntax? Within, SkipSyntax? Skip, TextSpan Span);

/// <summary><c>within DURATION [gap]</c>, or <c>within forever</c> where <paramref name="Duration"/> is null.</summary>
internal sealed record WithinSyntax(DurationSyntax? Duration, bool IsGap, TextSpan Span);

/// <summary><c>skip …</c>; <paramref name="Target"/> is the step of <c>to first</c> and <c>to last</c>, else null.</summary>
internal sealed record SkipSyntax(SkipKind Kind, NameSyntax? Target, TextSpan Span);

/// <summary><c>unless STREAM where …</c></summary>
/// <param name="Stream">The stream's name.</param>
/// <param name="Where">Which events of it; null for all.</param>
/// <param name="Span">Where it stands.</param>
internal sealed record UnlessSyntax(NameSyntax Stream, ExpressionSyntax? Where, TextSpan Span);

/// <summary><c>partials N per key on overflow POLICY</c></summary>
/// <param name="PerKey">N; null where none was read, which has been reported.</param>
/// <param name="PerKeySpan">Where it stands.</param>
/// <param name="OnOverflow">The policy's word.</param>
internal sealed record PartialsSyntax(long? PerKey, TextSpan PerKeySpan, NameSyntax OnOverflow);
