namespace Cep.Engine.State.Serializers;

/// <summary>Reads a schema text back; see <see cref="StateType"/>.</summary>
internal ref struct StateTypeParser
{
    // Deeper than any class one writes; a damaged text must not use up the stack.
    private const int DepthLimit = 64;

    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private int _depth;

    private StateTypeParser(ReadOnlySpan<char> text) => _text = text;

    /// <summary>The type that a text names, or null when it is no schema text.</summary>
    public static StateType? Parse(string text)
    {
        var parser = new StateTypeParser(text);
        return parser.Type() is { } type && parser._at == text.Length ? type : null;
    }

    private StateType? Type()
    {
        if (++_depth > DepthLimit) return null;
        StateType? type = TypeWithoutMark();
        _depth--;
        while (type is not null && Takes('?')) type = new StateType.Optional(type);
        return type;
    }

    private StateType? TypeWithoutMark()
    {
        if (Takes('{')) return Fields();
        string name = Name();
        return name switch
        {
            "list" => List(),
            "map" => Map(),
            "enum" => Enumeration(),
            _ => StateScalar.Named(name) is { } scalar ? new StateType.Scalar(scalar) : null,
        };
    }

    private StateType.List? List() =>
        Takes('<') && Type() is { } element && Takes('>') ? new StateType.List(element) : null;

    private StateType.Map? Map() =>
        Takes('<') && Type() is { } key && Takes(',') && Type() is { } value && Takes('>') ? new StateType.Map(key, value) : null;

    private StateType.Object? Fields()
    {
        var fields = new List<(string, StateType)>();
        do
        {
            string name = Name();
            if (name.Length == 0 || !Takes(':') || Type() is not { } type) return null;
            fields.Add((name, type));
        }
        while (Takes(','));
        return Takes('}') ? new StateType.Object(fields) : null;
    }

    private StateType.Enumeration? Enumeration()
    {
        var members = new List<(string, long)>();
        if (!Takes('(')) return null;
        while (!Takes(')'))
        {
            if (members.Count > 0 && !Takes(',')) return null;
            string name = Name();
            if (!Takes('=') || !TryNumber(out long number)) return null;
            members.Add((name, number));
        }

        return new StateType.Enumeration(members);
    }

    private bool Takes(char c)
    {
        if (_at == _text.Length || _text[_at] != c) return false;
        _at++;
        return true;
    }

    private string Name()
    {
        int start = _at;
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] == '_')) _at++;
        return _text[start.._at].ToString();
    }

    private bool TryNumber(out long number)
    {
        int start = _at;
        if (_at < _text.Length && _text[_at] == '-') _at++;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
        return long.TryParse(_text[start.._at], out number);
    }
}
