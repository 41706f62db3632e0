namespace Cep.Engine.Runtime;

/// <summary>A bounded queue from one thread to one other, which blocks when it is full or empty.</summary>
/// <remarks>
/// Its items are batches, so one lock an item is cheap. A producer that found it full sleeps until half of it is free: the two threads then take
/// turns by the half queue, not by the item. <see cref="Abort"/> frees both sides for good.
/// </remarks>
/// <param name="capacity">The most items it holds.</param>
/// <param name="onPut">Raised after each item, for a consumer that waits for several channels at once.</param>
/// <param name="scheduler">How the two threads wait; null for the system's way.</param>
internal sealed class Channel<T>(int capacity, Signal? onPut = null, IScheduler? scheduler = null)
{
    private readonly IScheduler _scheduler = scheduler ?? ThreadScheduler.Instance;
    private readonly object _gate = new();
    private readonly T[] _items = new T[capacity];
    private int _head;
    private int _count;
    private bool _producerWaits;
    private bool _consumerWaits;
    private bool _aborted;

    /// <summary>Whether there is nothing to take at this moment.</summary>
    /// <exception cref="OperationCanceledException">The channel was aborted.</exception>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                ThrowIfAborted();
                return _count == 0;
            }
        }
    }

    /// <summary>Adds an item, waiting while there is no room.</summary>
    /// <exception cref="OperationCanceledException">The channel was aborted.</exception>
    public void Put(T item)
    {
        _scheduler.Turn();
        lock (_gate)
        {
            while (_count == _items.Length && !_aborted)
            {
                _producerWaits = true;
                _scheduler.Wait(_gate);
            }

            ThrowIfAborted();
            _items[(_head + _count++) % _items.Length] = item;
            if (_consumerWaits)
            {
                _consumerWaits = false;
                _scheduler.Pulse(_gate);
            }
        }

        onPut?.Raise();
    }

    /// <summary>Takes the oldest item, waiting while there is none.</summary>
    /// <exception cref="OperationCanceledException">The channel was aborted; items still in it are lost.</exception>
    public T Take()
    {
        _scheduler.Turn();
        lock (_gate)
        {
            while (_count == 0 && !_aborted)
            {
                _consumerWaits = true;
                _scheduler.Wait(_gate);
            }

            return TakeFirst();
        }
    }

    /// <summary>Takes the oldest item if there is one.</summary>
    /// <exception cref="OperationCanceledException">The channel was aborted.</exception>
    public bool TryTake(out T item)
    {
        _scheduler.Turn();
        lock (_gate)
        {
            ThrowIfAborted();
            bool any = _count > 0;
            item = any ? TakeFirst() : default!;
            return any;
        }
    }

    /// <summary>Makes every call from now on, and the ones that wait, throw.</summary>
    public void Abort()
    {
        lock (_gate)
        {
            _aborted = true;
            _scheduler.PulseAll(_gate);
        }
    }

    private T TakeFirst()
    {
        ThrowIfAborted();
        T item = _items[_head];
        _items[_head] = default!;
        _head = (_head + 1) % _items.Length;
        _count--;
        if (_producerWaits && _count <= _items.Length / 2)
        {
            _producerWaits = false;
            _scheduler.Pulse(_gate);
        }

        return item;
    }

    private void ThrowIfAborted()
    {
        if (_aborted) throw new OperationCanceledException("The job is stopping.");
    }
}
