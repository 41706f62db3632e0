namespace Cep.Engine.Runtime;

/// <summary>Objects that are used again. Any thread may rent and return; a lock a batch is nothing beside the batch.</summary>
/// <remarks>It never holds more than were in use at once, which the bounded channels bound.</remarks>
internal sealed class Pool<T>(Func<T> create)
    where T : class
{
    private readonly Stack<T> _free = new();

    /// <summary>How many objects were made: the most that were in use at once.</summary>
    public int Created { get; private set; }

    public T Rent()
    {
        lock (_free)
        {
            if (_free.TryPop(out T? item)) return item;
            Created++;
        }

        return create();
    }

    /// <summary>Gives an object back; it must hold no references to data.</summary>
    public void Return(T item)
    {
        lock (_free) _free.Push(item);
    }
}
