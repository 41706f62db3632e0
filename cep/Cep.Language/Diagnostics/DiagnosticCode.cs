namespace Cep.Language.Diagnostics;

/// <summary>The codes of diagnostics. A code keeps its meaning; a code that is no longer used is not given to something else.</summary>
/// <remarks><c>01xx</c> text and grammar, <c>02xx</c> names, <c>03xx</c> types, <c>04xx</c> patterns, <c>05xx</c> streams and inputs, <c>09xx</c> what is not supported yet.</remarks>
public static class DiagnosticCode
{
    public const string InvalidUtf8 = "CEP0101";
    public const string UnknownCharacter = "CEP0102";
    public const string UnterminatedComment = "CEP0103";
    public const string UnterminatedString = "CEP0104";
    public const string UnterminatedName = "CEP0105";
    public const string EmptyName = "CEP0106";
    public const string UnknownEscape = "CEP0107";
    public const string NumberTooLarge = "CEP0108";
    public const string InvalidDuration = "CEP0109";
    public const string UnexpectedToken = "CEP0110";
    public const string UnclosedBrace = "CEP0111";
    public const string DuplicateClause = "CEP0112";
    public const string TooDeep = "CEP0113";
    public const string SingleEqual = "CEP0114";
    public const string ChainedComparison = "CEP0115";
    public const string MissingLink = "CEP0116";
    public const string MisplacedQuantifier = "CEP0117";
    public const string UnknownModifier = "CEP0118";
    public const string UselessReluctance = "CEP0119";
    public const string InvalidCount = "CEP0120";

    public const string NotSupportedYet = "CEP0901";
}
