namespace NextItem.Batches;

/// <summary>
/// The items that a step scores, each distinct one once, with how often it stands among the B targets and among the N drawn
/// negatives; and the distinct items among the step's inputs. Exact: multiplicities enter the loss, gradients are summed per item.
/// </summary>
internal sealed class ScoredColumns
{
    /// <summary>An item that is not a scored column, or a column that is not an input.</summary>
    public const int None = -1;

    /// <summary>[D] item index of each distinct column.</summary>
    public readonly int[] Items;

    /// <summary>[D] c: how many of the B targets are this item.</summary>
    public readonly int[] TargetCount;

    /// <summary>[D] d: how often this item was drawn.</summary>
    public readonly int[] DrawnCount;

    /// <summary>[D] scratch of the loss: what it weighs each column with. Valid from its first pass on.</summary>
    public readonly float[] Weight;

    /// <summary>[D] the slot among <see cref="InputItems"/> where this item is an input of the step too, or <see cref="None"/>.</summary>
    public readonly int[] InputSlot;

    /// <summary>[B] the column of each lane's target.</summary>
    public readonly int[] TargetColumn;

    /// <summary>[B x steps] distinct input items.</summary>
    public readonly int[] InputItems;

    /// <summary>[B x steps] whether the input item at a slot is a scored column too.</summary>
    public readonly bool[] InputIsScored;

    /// <summary>[B] the slot of each lane's input.</summary>
    public readonly int[] SlotOfLane;

    private readonly int[] _columnOf;
    private readonly int[] _slotOf;
    private readonly bool _inputsAreScoredRows;

    /// <summary>Allocates for catalogues of <paramref name="itemCount"/> items: 8 bytes an item.</summary>
    /// <param name="itemCount">Number of items I.</param>
    /// <param name="lanes">The most lanes.</param>
    /// <param name="negatives">The most drawn negatives.</param>
    /// <param name="inputsAreScoredRows">Whether an input item's row is the row that is scored: shared embedding.</param>
    /// <param name="steps">Steps whose inputs are collected: the current one and those that <see cref="AddInputs"/> adds.</param>
    public ScoredColumns(int itemCount, int lanes, int negatives, bool inputsAreScoredRows = true, int steps = 1)
    {
        _inputsAreScoredRows = inputsAreScoredRows;
        var most = Math.Min(itemCount, lanes + negatives);
        Items = new int[most];
        TargetCount = new int[most];
        DrawnCount = new int[most];
        Weight = new float[most];
        InputSlot = new int[most];
        TargetColumn = new int[lanes];
        InputItems = new int[lanes * steps];
        InputIsScored = new bool[lanes * steps];
        SlotOfLane = new int[lanes];
        _columnOf = new int[itemCount];
        _slotOf = new int[itemCount];
        Array.Fill(_columnOf, None);
        Array.Fill(_slotOf, None);
    }

    /// <summary>Number of distinct scored columns, D.</summary>
    public int Count { get; private set; }

    /// <summary>Number of distinct input items.</summary>
    public int InputCount { get; private set; }

    /// <summary>Number of lanes of the mini-batch.</summary>
    public int Lanes { get; private set; }

    /// <summary>Number of drawn negatives, N.</summary>
    public int Drawn { get; private set; }

    /// <summary>Collects a step's columns: targets first in lane order, then new items in the order drawn.</summary>
    public void Build(MiniBatch batch, ReadOnlySpan<int> negatives)
    {
        Forget();
        Lanes = batch.Lanes;
        Drawn = negatives.Length;
        for (var lane = 0; lane < Lanes; lane++)
        {
            var column = ColumnOf(batch.Targets[lane]);
            TargetCount[column]++;
            TargetColumn[lane] = column;
        }

        foreach (var item in negatives)
            DrawnCount[ColumnOf(item)]++;

        AddInputs(batch.Inputs.AsSpan(0, Lanes), SlotOfLane);
    }

    /// <summary>Adds the inputs of an earlier step, which take part in this one.</summary>
    /// <param name="items">Their item indices.</param>
    /// <param name="slots">Gets the slot of each.</param>
    public void AddInputs(ReadOnlySpan<int> items, Span<int> slots)
    {
        for (var i = 0; i < items.Length; i++)
        {
            var item = items[i];
            ref var slot = ref _slotOf[item];
            if (slot == None)
            {
                slot = InputCount++;
                InputItems[slot] = item;
                var column = _inputsAreScoredRows ? _columnOf[item] : None;
                InputIsScored[slot] = column != None;
                if (column != None)
                    InputSlot[column] = slot;
            }

            slots[i] = slot;
        }
    }

    private int ColumnOf(int item)
    {
        ref var column = ref _columnOf[item];
        if (column == None)
        {
            column = Count++;
            Items[column] = item;
            TargetCount[column] = 0;
            DrawnCount[column] = 0;
            InputSlot[column] = None;
        }

        return column;
    }

    private void Forget()
    {
        for (var column = 0; column < Count; column++)
            _columnOf[Items[column]] = None;
        for (var slot = 0; slot < InputCount; slot++)
            _slotOf[InputItems[slot]] = None;
        Count = InputCount = 0;
    }
}
