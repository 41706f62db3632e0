namespace Cep.Language.Text;

/// <summary>Finds the name a user most likely meant: the nearest by edit distance (Damerau–Levenshtein, adjacent transpositions count
/// once).</summary>
public static class EditDistance
{
    /// <summary>The candidate nearest to <paramref name="name"/>, or null where none is near enough to be worth guessing.</summary>
    /// <remarks>Near enough is one edit for names of up to 4 characters, two up to 8, three beyond. Letter case costs nothing. Ties go to the first
    /// candidate.</remarks>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        var limit = name.Length <= 4 ? 1 : name.Length <= 8 ? 2 : 3;
        string? best = null;
        var bestDistance = limit + 1;
        if (name.Length > 100) return null;
        foreach (var candidate in candidates)
        {
            if (Math.Abs(candidate.Length - name.Length) >= bestDistance) continue;
            // Two names of two letters that share none are one apart from nothing in particular.
            var distance = Between(name.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance >= bestDistance || distance >= Math.Max(name.Length, candidate.Length) / 2.0 + 0.5) continue;
            best = candidate;
            bestDistance = distance;
        }
        return best;
    }

    private static int Between(string a, string b)
    {
        var beforeLast = new int[b.Length + 1];
        var last = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(substituted, Math.Min(last[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) current[j] = Math.Min(current[j], beforeLast[j - 2] + 1);
            }
            (beforeLast, last, current) = (last, current, beforeLast);
        }
        return last[b.Length];
    }
}
