using System.Diagnostics.CodeAnalysis;
using System.Text.Unicode;

namespace Cep.Events;

/// <summary>Reads CSV records (RFC 4180, comma-separated, with a header) into events of one type.</summary>
/// <remarks>
/// <para>Columns may come in any order; those that the type does not declare are left out. An empty cell is null; in quotes it is the empty text
/// for a field of text, and null for others.</para>
/// <para>A record that does not fit is answered with a sentence, never an exception. Not thread-safe: texts are kept to be given out again.</para>
/// </remarks>
public sealed class CsvEventReader
{
    private readonly EventFactory _factory;
    private readonly Utf8Names _names;

    /// <summary>For each column the position of its field, or -1; null before the header.</summary>
    private int[]? _columns;
    private byte[] _scratch = [];

    /// <summary>A reader of events of a type.</summary>
    /// <exception cref="ArgumentException">The class has no public constructor without parameters, or a member that cannot be set.</exception>
    public CsvEventReader(EventType type)
    {
        Type = type;
        _factory = new EventFactory(type);
        _names = new Utf8Names(type.Fields.Select(f => f.Name));
    }

    /// <summary>The type of the events.</summary>
    public EventType Type { get; }

    /// <summary>Takes the header: which column holds which field. Asked again, for another file, it starts anew.</summary>
    /// <returns>What is wrong, as a sentence, or null: a column of a declared field occurs twice, or a required field has none.</returns>
    public string? Header(ReadOnlySpan<byte> record)
    {
        _columns = null;
        if (!Utf8.IsValid(record))
            return InputError.NotUtf8(record);
        if (record.StartsWith("\uFEFF"u8))
            record = record[3..];
        var columns = new List<int>();
        var cells = new CsvCells(record, ref _scratch);
        while (cells.MoveNext())
        {
            var field = _names.Find(cells.Current, columns.Count);
            if (field >= 0 && columns.Contains(field))
                return $"The header names the column `{Type.Fields[field].Name}` twice.";
            columns.Add(field);
        }
        if (cells.Error is not null)
            return cells.Error;
        var missing = Type.Fields.Where(f => !f.IsOptional && !columns.Contains(f.Index)).Select(f => $"`{f.Name}`").ToList();
        if (missing.Count > 0)
            return $"The header lacks the required {(missing.Count == 1 ? "column" : "columns")} {string.Join(", ", missing)}.";
        _columns = [.. columns];
        return null;
    }

    /// <summary>Reads one record.</summary>
    /// <param name="record">The record in UTF-8, with its quotes and without its line end.</param>
    /// <param name="value">The event.</param>
    /// <param name="error">What is wrong, as a sentence.</param>
    /// <exception cref="InvalidOperationException">No good header has been taken.</exception>
    public bool TryRead(ReadOnlySpan<byte> record, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? error)
    {
        if (_columns is null)
            throw new InvalidOperationException("The header comes before the records.");
        value = null;
        if (!Utf8.IsValid(record))
            error = InputError.NotUtf8(record);
        else if (record.Length == 0 && _columns.Length > 1)
            error = InputError.Empty;
        else
            error = Read(record, _columns, value = _factory.New());
        if (error is not null)
            value = null;
        return error is null;
    }

    private string? Read(ReadOnlySpan<byte> record, int[] columns, object value)
    {
        string? error = null;
        var fields = _factory.Fields;
        var cells = new CsvCells(record, ref _scratch);
        while (cells.MoveNext())
        {
            // A cell too many or too few moves the others out of their columns; so the count is told first.
            if (error is not null || cells.Count > columns.Length)
                continue;
            var column = columns[cells.Count - 1];
            if (column >= 0)
                error = ReadCell(fields[column], cells.Current, cells.IsQuoted, value);
        }
        if (cells.Error is not null)
            return cells.Error;
        return cells.Count == columns.Length ? error : InputError.CellCount(cells.Count, columns.Length);
    }

    private static string? ReadCell(FieldReader field, ReadOnlySpan<byte> cell, bool isQuoted, object value)
    {
        if (cell.Length == 0 && !(isQuoted && field.TakesEmptyText))
            return field.TrySetNull(value) ? null : InputError.EmptyCell(field.Field);
        return field.TryReadText(cell, value) ? null : InputError.Misfit(field, cell);
    }
}
