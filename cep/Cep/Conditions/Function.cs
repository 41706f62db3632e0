namespace Cep.Conditions;

/// <summary>The built-in functions. All but <see cref="Coalesce"/>, <see cref="Greatest"/> and <see cref="Least"/> are null when an argument is.</summary>
public enum Function
{
    /// <summary><c>abs(x)</c>: a number or a duration.</summary>
    Abs,

    /// <summary><c>ceil(x)</c>: the least whole number not below x, in x's kind.</summary>
    Ceil,

    /// <summary><c>floor(x)</c>: the greatest whole number not above x, in x's kind.</summary>
    Floor,

    /// <summary><c>round(x)</c> or <c>round(x, digits)</c>: half to even; digits from 0 to 15.</summary>
    Round,

    /// <summary><c>sqrt(x)</c>, a double; null below zero.</summary>
    Sqrt,

    /// <summary><c>pow(x, y)</c>, a double.</summary>
    Pow,

    /// <summary><c>ln(x)</c>, a double; null for zero and below.</summary>
    Ln,

    /// <summary><c>exp(x)</c>, a double.</summary>
    Exp,

    /// <summary><c>greatest(a, b, …)</c>: of those that are not null.</summary>
    Greatest,

    /// <summary><c>least(a, b, …)</c>: of those that are not null.</summary>
    Least,

    /// <summary><c>coalesce(a, b, …)</c>: the first that is not null.</summary>
    Coalesce,

    /// <summary><c>lower(s)</c>, by the invariant culture.</summary>
    Lower,

    /// <summary><c>upper(s)</c>, by the invariant culture.</summary>
    Upper,

    /// <summary><c>trim(s)</c>: without white space at both ends.</summary>
    Trim,

    /// <summary><c>length(s)</c>: in UTF-16 code units.</summary>
    Length,

    /// <summary><c>substring(s, start)</c> or <c>substring(s, start, length)</c>: start from 0; what lies outside the text is left out.</summary>
    Substring,

    /// <summary><c>replace(s, from, to)</c>: every occurrence; an empty <c>from</c> changes nothing.</summary>
    Replace,

    /// <summary><c>hour(t)</c>: 0 to 23, UTC.</summary>
    Hour,

    /// <summary><c>minute(t)</c>: 0 to 59, UTC.</summary>
    Minute,

    /// <summary><c>day_of_week(t)</c>: 1 Monday to 7 Sunday, UTC.</summary>
    DayOfWeek,

    /// <summary><c>date_diff(unit, from, to)</c>: whole units from one to the other; unit is a constant: ms, second, minute, hour or day.</summary>
    DateDiff,

    /// <summary><c>distance_km(lat1, lon1, lat2, lon2)</c>: along the great circle of a sphere of 6,371.0088 km; arguments in degrees.</summary>
    DistanceKm,
}
