// Arithmetic with precedence, right associativity, variables and error recovery.
grammar Calc;

line : expr EOF ;

expr : <assoc=right> left=expr '^' right=expr       # Power
     | left=expr op=('*' | '/') right=expr          # Product
     | left=expr op=('+' | '-') right=expr          # Sum
     | '(' expr ')'                                 # Parentheses
     | NUMBER                                       # Number
     | NAME                                         # Name
     ;

NUMBER : [0-9]+ ;
NAME : [a-z]+ ;
BLANK : [ \t\r\n]+ -> skip ;
