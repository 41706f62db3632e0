namespace Cep.Events;

/// <summary>The type of an event's field, as a rule file names it.</summary>
public enum FieldType
{
    /// <summary><c>bool</c>.</summary>
    Bool,

    /// <summary><c>int</c>: 32-bit signed; computed with as a 64-bit integer.</summary>
    Int,

    /// <summary><c>long</c>: 64-bit signed.</summary>
    Long,

    /// <summary><c>double</c>: IEEE 754 binary64.</summary>
    Double,

    /// <summary><c>decimal</c>: 28 significant decimal digits, exact.</summary>
    Decimal,

    /// <summary><c>string</c>: UTF-16 text, compared by ordinal value.</summary>
    String,

    /// <summary><c>timestamp</c>: Unix milliseconds, UTC.</summary>
    Timestamp,

    /// <summary><c>duration</c>: a signed span in milliseconds.</summary>
    Duration,
}
