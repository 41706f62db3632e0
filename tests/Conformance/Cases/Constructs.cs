namespace Cep.Conformance.Cases;

/// <summary>What this version does not do yet, so that a case that needs it is counted apart and never as passed.</summary>
public static class Constructs
{
    /// <summary>The construct a case needs and does not find, or null.</summary>
    public static string? NotYet(Case c) => c.Pattern.Skip is { Throw: true } ? "a skip that throws" : null;
}
