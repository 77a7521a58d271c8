using System.Numerics;
using Parquet;
using Parquet.Schema;

namespace NextItem.Data.Reading;

/// <summary>A column of lists of numbers in the current row group, a list a row.</summary>
internal static class ParquetVectors
{
    /// <summary>The column for the elements of a list, or null where they are no numbers.</summary>
    public static ParquetColumn? For(DataField element)
    {
        var type = element.ClrType;
        return element.MaxRepetitionLevel != 1 ? null
            : type == typeof(float) ? new Column<float>(element)
            : type == typeof(double) ? new Column<double>(element)
            : type == typeof(int) ? new Column<int>(element)
            : type == typeof(long) ? new Column<long>(element)
            : type == typeof(short) ? new Column<short>(element)
            : type == typeof(sbyte) ? new Column<sbyte>(element)
            : type == typeof(byte) ? new Column<byte>(element)
            : null;
    }

    private sealed class Column<T>(DataField element) : ParquetColumn
        where T : unmanaged, INumber<T>
    {
        private double[] _values = [];
        private int[] _ends = [];

        public override bool CanBeKey => false;

        public override bool HoldsVectors => true;

        public override async Task LoadAsync(ParquetRowGroupReader group, int count, CancellationToken cancellationToken)
        {
            var entries = group.GetMetadata(element)?.MetaData?.NumValues ?? throw new InvalidDataException("A row group lacks the column.");
            if (entries < count || entries > Array.MaxLength)
                throw new InvalidDataException("The number of values does not fit the number of rows.");
            var (values, definitions, repetitions) = (new T[entries], new int[entries], new int[entries]);
            await group.ReadRawAsync<T>(element, values, definitions, repetitions, cancellationToken).ConfigureAwait(false);
            Split(values, definitions, repetitions, count);
        }

        public override bool IsNull(int row) => Vector(row).IsEmpty;

        public override ReadOnlySpan<double> Vector(int row) => _values.AsSpan((row == 0 ? 0 : _ends[row - 1]).._ends[row]);

        public override ReadOnlySpan<char> Text(int row) => [];

        public override bool TryTime(int row, out double time)
        {
            time = 0;
            return false;
        }

        /// <summary>
        /// A level of repetition 0 begins a row; a full level of definition stands for a value, one less for an element that is
        /// null (as not-a-number here, which no vector may have), and still less for a list that is null or empty.
        /// </summary>
        private void Split(ReadOnlySpan<T> values, ReadOnlySpan<int> definitions, ReadOnlySpan<int> repetitions, int count)
        {
            _values = new double[repetitions.Length];
            _ends = new int[count];
            var (row, at, value) = (-1, 0, 0);
            for (var i = 0; i < repetitions.Length; i++)
            {
                if (repetitions[i] == 0 && row >= 0)
                    _ends[row] = at;
                row += repetitions[i] == 0 ? 1 : 0;
                if (row < 0 || row >= count)
                    throw new InvalidDataException("The levels of a list do not fit the number of rows.");
                if (definitions[i] == element.MaxDefinitionLevel)
                    _values[at++] = double.CreateTruncating(values[value++]);
                else if (element.IsNullable && definitions[i] == element.MaxDefinitionLevel - 1)
                    _values[at++] = double.NaN;
            }

            if (row != count - 1)
                throw new InvalidDataException("The levels of a list do not fit the number of rows.");
            if (count > 0)
                _ends[row] = at;
        }
    }
}
