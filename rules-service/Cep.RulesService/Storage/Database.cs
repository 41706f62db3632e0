using System.Data;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Cep.RulesService.Storage;

/// <summary>The service's SQLite database: one file, whose schema is brought up to date when it is opened.</summary>
/// <remarks>Any thread may read; writes come one after the other, each a transaction that is on the disk when <see cref="Write{T}"/> returns.</remarks>
internal sealed class Database : IDisposable
{
    private readonly string _connectionString;
    private readonly Lock _writing = new();

    static Database()
    {
        SQLitePCL.Batteries_V2.Init();
        DefaultTypeMap.MatchNamesWithUnderscores = true;
    }

    private Database(string file) =>
        _connectionString = new SqliteConnectionStringBuilder { DataSource = file, ForeignKeys = true, DefaultTimeout = 30 }.ToString();

    /// <summary>Opens the database, and makes it where there is none.</summary>
    /// <param name="file">Where it lies; its folder is made.</param>
    /// <exception cref="InvalidDataException">A later version of the service wrote it, or it is no database.</exception>
    public static Database Open(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var database = new Database(file);
        try
        {
            using var connection = database.Connect();
            connection.Execute("PRAGMA journal_mode = WAL");
            Schema.Update(connection, file);
            return database;
        }
        catch (SqliteException e)
        {
            throw new InvalidDataException($"The database `{file}` cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>Reads; everything in one call is of one moment.</summary>
    public T Read<T>(Func<IDbConnection, T> read)
    {
        using var connection = Connect();
        using var transaction = connection.BeginTransaction(deferred: true);
        return read(connection);
    }

    /// <summary>Changes, all of it or nothing.</summary>
    public T Write<T>(Func<IDbConnection, T> write)
    {
        lock (_writing)
        {
            using var connection = Connect();
            using var transaction = connection.BeginTransaction();
            var result = write(connection);
            transaction.Commit();
            return result;
        }
    }

    /// <inheritdoc cref="Write{T}"/>
    public void Write(Action<IDbConnection> write) => Write(connection =>
    {
        write(connection);
        return true;
    });

    /// <inheritdoc/>
    public void Dispose() => SqliteConnection.ClearPool(new SqliteConnection(_connectionString));

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        // What was answered as done survives a loss of power.
        connection.Execute("PRAGMA synchronous = FULL");
        return connection;
    }
}
