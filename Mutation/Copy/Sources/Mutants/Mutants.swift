// SPDX-License-Identifier: Apache-2.0
public import CMutants

// What stands around each expression that can be mutated. Every one gives back what it was given unless its mutant is
// the active one.

/// Whether this mutant is the active one.
@inline(__always) @inlinable
public func isMutant(_ number: Int32) -> Bool { mutant(number) }

/// A truth value, inverted by the mutant.
@inline(__always) @inlinable
public func flipped(_ number: Int32, _ value: Bool) -> Bool { mutant(number) ? !value : value }

/// A truth value that the mutant makes true.
@inline(__always) @inlinable
public func madeTrue(_ number: Int32, _ value: Bool) -> Bool { mutant(number) || value }

/// A truth value that the mutant makes false.
@inline(__always) @inlinable
public func madeFalse(_ number: Int32, _ value: Bool) -> Bool { !mutant(number) && value }

/// A value, or the other one by the mutant.
@inline(__always) @inlinable
public func replaced<Value>(_ number: Int32, _ other: Value, _ value: Value) -> Value {
    mutant(number) ? other : value
}
