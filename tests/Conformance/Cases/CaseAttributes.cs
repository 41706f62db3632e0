namespace Cep.Conformance.Cases;

/// <summary>A theory over the case files: skipped, with the reason, where they are absent; in continuous integration it fails there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CaseTheoryAttribute : TheoryAttribute
{
    /// <summary>Looks for the cases.</summary>
    public CaseTheoryAttribute() => Skip = CaseFiles.IsRequired ? null : CaseFiles.Missing;
}

/// <summary>A fact over all case files: skipped, with the reason, where they are absent; in continuous integration it fails there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CaseFactAttribute : FactAttribute
{
    /// <summary>Looks for the cases.</summary>
    public CaseFactAttribute() => Skip = CaseFiles.IsRequired ? null : CaseFiles.Missing;
}
