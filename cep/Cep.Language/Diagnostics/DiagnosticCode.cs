namespace Cep.Language.Diagnostics;

/// <summary>The codes of diagnostics. A code keeps its meaning; one that is no longer used is not given to something else.</summary>
/// <remarks><c>01xx</c> text and grammar, <c>02xx</c> names, <c>03xx</c> types, <c>04xx</c> patterns, <c>05xx</c> streams and rules, <c>06xx</c> patterns
/// in JSON, <c>07xx</c> lists, <c>08xx</c> tests, <c>09xx</c> what is not supported yet.</remarks>
public static class DiagnosticCode
{
    /// <summary>Bytes of the file are not UTF-8.</summary>
    public const string InvalidUtf8 = "CEP0101";

    /// <summary>A character that begins nothing of the language, or a NUL.</summary>
    public const string UnknownCharacter = "CEP0102";

    /// <summary>A block comment without its end.</summary>
    public const string UnterminatedComment = "CEP0103";

    /// <summary>A string without its closing quote.</summary>
    public const string UnterminatedString = "CEP0104";

    /// <summary>A name in backticks without the closing one.</summary>
    public const string UnterminatedName = "CEP0105";

    /// <summary>A name in backticks with nothing in it.</summary>
    public const string EmptyName = "CEP0106";

    /// <summary>A backslash in a string that begins no escape.</summary>
    public const string UnknownEscape = "CEP0107";

    /// <summary>A number beyond what 64 bits hold.</summary>
    public const string NumberTooLarge = "CEP0108";

    /// <summary>A duration with an unknown unit, a fraction, or units out of order.</summary>
    public const string InvalidDuration = "CEP0109";

    /// <summary>Something else was expected at this place.</summary>
    public const string UnexpectedToken = "CEP0110";

    /// <summary>A declaration without its closing brace.</summary>
    public const string UnclosedBrace = "CEP0111";

    /// <summary>A clause, or a part of one, that stands twice.</summary>
    public const string DuplicateClause = "CEP0112";

    /// <summary>Nesting beyond the limit.</summary>
    public const string TooDeep = "CEP0113";

    /// <summary><c>=</c> where <c>==</c> is meant.</summary>
    public const string SingleEqual = "CEP0114";

    /// <summary>A comparison of the outcome of a comparison.</summary>
    public const string ChainedComparison = "CEP0115";

    /// <summary>Two steps side by side.</summary>
    public const string MissingLink = "CEP0116";

    /// <summary>A quantifier after a modifier, or after a quantifier.</summary>
    public const string MisplacedQuantifier = "CEP0117";

    /// <summary>A word that is no modifier of a step.</summary>
    public const string UnknownModifier = "CEP0118";

    /// <summary>A <c>?</c> after a quantifier that changes nothing; an error on steps, a warning on groups.</summary>
    public const string UselessReluctance = "CEP0119";

    /// <summary>A count that is negative, zero, out of order or too large.</summary>
    public const string InvalidCount = "CEP0120";

    /// <summary>A name with control characters, or a very long one.</summary>
    public const string UnsoundName = "CEP0121";

    /// <summary>Two things of one kind with one name.</summary>
    public const string DuplicateName = "CEP0201";

    /// <summary>A stream that is not declared.</summary>
    public const string UnknownStream = "CEP0202";

    /// <summary>A declared stream that the rule does not read.</summary>
    public const string StreamNotInFrom = "CEP0203";

    /// <summary>A field that its stream does not have.</summary>
    public const string UnknownField = "CEP0204";

    /// <summary>A step that the pattern does not have.</summary>
    public const string UnknownStep = "CEP0205";

    /// <summary>A step that takes no event, or none yet.</summary>
    public const string UnreadableStep = "CEP0206";

    /// <summary>A function that does not exist.</summary>
    public const string UnknownFunction = "CEP0207";

    /// <summary>A type that does not exist.</summary>
    public const string UnknownType = "CEP0208";

    /// <summary>A word where one of a few was expected, such as a severity.</summary>
    public const string UnknownWord = "CEP0209";

    /// <summary>A bare field where there is no event being tested.</summary>
    public const string NoCandidate = "CEP0210";

    /// <summary>A name that is neither a measure nor a field of the key.</summary>
    public const string UnknownMeasure = "CEP0213";

    /// <summary>Operands of types that do not go together.</summary>
    public const string TypeMismatch = "CEP0301";

    /// <summary>A value other than a bool where a condition was expected.</summary>
    public const string NotACondition = "CEP0302";

    /// <summary><c>null</c> where it makes the whole expression null.</summary>
    public const string UnexpectedNull = "CEP0303";

    /// <summary>A call with arguments its function does not take.</summary>
    public const string WrongArguments = "CEP0304";

    /// <summary>A number that its type, or its place, cannot hold.</summary>
    public const string NumberOutOfRange = "CEP0305";

    /// <summary>A division by a constant zero.</summary>
    public const string DivisionByZero = "CEP0306";

    /// <summary>A text pattern that is not a string literal.</summary>
    public const string PatternNotConstant = "CEP0307";

    /// <summary>A regular expression that is none, or one that needs backtracking.</summary>
    public const string InvalidRegularExpression = "CEP0308";

    /// <summary>A fact about the whole match outside of <c>emit</c>.</summary>
    public const string OnlyInEmit = "CEP0309";

    /// <summary>A fact about the match that this rule's matches do not have.</summary>
    public const string NoSuchFact = "CEP0310";

    /// <summary>A pattern without <c>within</c>.</summary>
    public const string NoWithin = "CEP0401";

    /// <summary>A final negated step that nothing bounds.</summary>
    public const string UnboundedAbsence = "CEP0402";

    /// <summary>Warning: the last step is an unbounded loop.</summary>
    public const string FinalLoop = "CEP0403";

    /// <summary>A negated step where it has no meaning.</summary>
    public const string InvalidNegation = "CEP0404";

    /// <summary>A modifier where it has no meaning.</summary>
    public const string InvalidModifier = "CEP0405";

    /// <summary>Warning: a repeated group whose rounds can take nothing.</summary>
    public const string EmptyRound = "CEP0406";

    /// <summary>A step that matching cannot go on at.</summary>
    public const string InvalidSkipTarget = "CEP0407";

    /// <summary>A bound of no time at all.</summary>
    public const string EmptyDuration = "CEP0408";

    /// <summary>Counts that multiply beyond the limit.</summary>
    public const string TooManyStates = "CEP0409";

    /// <summary>An <c>until</c> of a group over several streams.</summary>
    public const string UntilOfGroup = "CEP0410";

    /// <summary>A pattern that breaks another rule of patterns.</summary>
    public const string InvalidPattern = "CEP0499";

    /// <summary>A stream whose time is not said, said twice, or not usable.</summary>
    public const string StreamTime = "CEP0501";

    /// <summary>Keys of a rule's inputs that do not agree.</summary>
    public const string KeysDiffer = "CEP0502";

    /// <summary>A rule without <c>from</c> or <c>match</c>.</summary>
    public const string MissingClause = "CEP0503";

    /// <summary>More streams than a set may have.</summary>
    public const string TooManyStreams = "CEP0504";

    /// <summary>Alerts of timeouts in a rule that has none.</summary>
    public const string NothingTimesOut = "CEP0508";

    /// <summary>Bytes that are not JSON.</summary>
    public const string InvalidJson = "CEP0601";

    /// <summary>A property that is unknown, or stands twice.</summary>
    public const string UnknownProperty = "CEP0602";

    /// <summary>A property that is required and missing.</summary>
    public const string MissingProperty = "CEP0603";

    /// <summary>A value of another kind, or out of range.</summary>
    public const string UnexpectedValue = "CEP0604";

    /// <summary>Part of another program's pattern that the model cannot carry.</summary>
    public const string NotCarried = "CEP0605";

    /// <summary>A list that is not declared.</summary>
    public const string UnknownList = "CEP0701";

    /// <summary>A value that is none of its list's type.</summary>
    public const string InvalidListValue = "CEP0702";

    /// <summary>Warning: a value that a list has twice.</summary>
    public const string DuplicateListValue = "CEP0703";

    /// <summary>Warning: a list that no condition names.</summary>
    public const string UnusedList = "CEP0704";

    /// <summary>A file of a list that cannot be read, or may not be.</summary>
    public const string ListFile = "CEP0705";

    /// <summary>A test of a rule that is not declared.</summary>
    public const string UnknownRule = "CEP0801";

    /// <summary>A time in a test that goes back, or that cannot be.</summary>
    public const string TestTime = "CEP0802";

    /// <summary>An event of a test without a field that the rule reads.</summary>
    public const string MissingValue = "CEP0803";

    /// <summary>A test, or a part of one, that shows nothing.</summary>
    public const string NothingExpected = "CEP0804";

    /// <summary>A value that alerts of the tested rule do not have.</summary>
    public const string UnknownAlertValue = "CEP0805";

    /// <summary>Part of the language, but not of this version.</summary>
    public const string NotSupportedYet = "CEP0901";
}
